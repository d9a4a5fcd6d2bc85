// watchkeeper backfill ROLE…: a role judges its topics again from their beginning, when it is started next.

import { backfill as backfillTopic } from '@watchkeeper/runtime';
import { nothingToBackfill } from '../errors.js';
import { rolesNamed } from '../roles.js';
import { findKafka } from '../stack/backends.js';
import { placeOf } from '../stack/environment.js';
import { logAt } from '../stack/log.js';

/** Says of each topic what will be read again, and what is forgotten. Throws WK_GROUP_BUSY, WK_NO_BACKFILL. */
export async function backfill(
  names: readonly string[],
  options: { dataDir: string; dryRun?: boolean },
): Promise<void> {
  const roles = rolesNamed(names);
  const brokers = await findKafka(process.env, options.dataDir);
  const log = logAt(brokers, placeOf(process.env));
  const admin = await log.admin();
  const dryRun = options.dryRun ?? false;
  try {
    for (const { name, reads } of roles) {
      let count = 0;
      for (const topic of reads) {
        const done = await backfillTopic({ log, admin, role: name, topic, dryRun });
        if (!done) continue;
        count++;
        const { partitions, records, states } = done;
        const what = `${states} records of its state ${dryRun ? 'would be' : 'are'} forgotten, and ${records} records of ${topic} (${partitions} partitions)`;
        process.stdout.write(`${name}: ${what} ${dryRun ? 'would be' : 'will be'} judged from the beginning\n`);
      }
      if (count === 0) throw nothingToBackfill(name);
    }
  } finally {
    await admin.close();
  }
}
