// What an audit tells: gauges by topic, and one line.

import type { Logger, Metrics } from '@watchkeeper/runtime';
import type { Ledger } from './ledger.js';

/** Sets the gauges of every topic in the ledger and logs one line: an error where something is missing or doubled. */
export function reportLedger(
  ledger: Ledger,
  metrics: Pick<Metrics, 'set' | 'count'>,
  logger: Pick<Logger, 'info' | 'error'>,
): void {
  const topics = new Map<string, { gaps: number; duplicates: number }>();
  for (const { topic, gaps, duplicates } of ledger.partitions) {
    const sums = topics.get(topic) ?? { gaps: 0, duplicates: 0 };
    topics.set(topic, { gaps: sums.gaps + gaps, duplicates: sums.duplicates + duplicates });
  }
  for (const [topic, { gaps, duplicates }] of topics) {
    metrics.set('ledgerGaps', { topic }, gaps);
    metrics.set('ledgerDuplicates', { topic }, duplicates);
  }
  const clean = ledger.gaps === 0 && ledger.duplicates === 0;
  metrics.count('jobRuns', { job: 'ledger', outcome: clean ? 'clean' : 'faults' });
  const { landed, gaps, duplicates, lag } = ledger;
  if (clean) logger.info({ landed, lag }, 'the ledger is clean');
  else {
    const partitions = ledger.partitions.filter((line) => line.gaps > 0 || line.duplicates > 0);
    logger.error(
      { landed, gaps, duplicates, lag, partitions },
      'the ledger shows gaps or duplicates: see the runbook, "The ledger"',
    );
  }
}
