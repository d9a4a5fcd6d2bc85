// What npm start runs.

import { badOption } from '../errors.js';
import { live } from './live.js';
import { once } from './once.js';
import { otherRunsLive } from './once-place.js';
import { summaryText } from './summary.js';
import { stopLocalBackends } from '@watchkeeper/local';
import { stackOwner } from '../stack/stack-file.js';

export interface DemoFlags {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly seed: string;
  readonly rate: string;
  readonly dataDir: string;
}

/** With --once to an end (exit 1 unless the ledger reads 0/0), else until Ctrl-C. Progress goes to stderr, results to stdout. */
export async function demo(flags: DemoFlags): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const eventsPerSecond = Number(flags.rate);
  if (!(eventsPerSecond > 0)) throw badOption('--rate', flags.rate, 'a number of events a second');
  if (flags.once !== true) return live(flags.dataDir, { seed: flags.seed, eventsPerSecond }, say);
  try {
    const summary = await once(flags.dataDir, flags.seed, say);
    process.stdout.write(flags.json === true ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary));
    if (summary.ledger.gaps + summary.ledger.duplicates > 0) process.exitCode = 1;
    if (flags.json !== true)
      say(`Look into it: npx --no-install watchkeeper sql --database ${summary.database} 'SELECT …'`);
  } finally {
    // The backends were started for this run, unless a stack or another run uses them.
    const inUse = stackOwner(flags.dataDir) !== undefined || otherRunsLive(flags.dataDir);
    if (!inUse) await stopLocalBackends({ dataDir: flags.dataDir });
  }
}
