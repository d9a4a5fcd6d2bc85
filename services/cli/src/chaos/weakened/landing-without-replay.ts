// Landing that forgets what it had announced: a block that was under way is cut anew.

import { weakenLanding } from './landing.js';

weakenLanding((open, assignment, lease) => {
  const { committed } = assignment;
  return open(
    { ...assignment, committed: committed === undefined ? undefined : { offset: committed.offset, metadata: '' } },
    lease,
  );
});
