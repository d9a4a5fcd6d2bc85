// The image runs every role of the fleet unless it is told otherwise.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { allRoles } from './roles.js';

it('names every role in infra/Dockerfile, whose list compose.yaml follows', () => {
  const dockerfile = readFileSync(fileURLToPath(new URL('../../../infra/Dockerfile', import.meta.url)), 'utf8');
  const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(dockerfile) ?? [];
  expect(JSON.parse(command)).toEqual(['run', ...allRoles.map((role) => role.name)]);
});
