// What an audit tells: gauges by topic, and one line.

import type { Logger, Metrics } from '@watchkeeper/runtime';
import { AUDITED } from './audited.js';
import { isClean, type Ledger, type PartitionLedger } from './ledger.js';
import { ROLLUP_TABLES } from './rollups.js';

/** `recent`: the last hours; `all`: everything that can be compared. */
export type AuditScope = 'recent' | 'all';

/** Sets the gauges of every topic in the ledger and logs one line: an error where something is missing or doubled. */
export function reportLedger(
  ledger: Ledger,
  scope: AuditScope,
  metrics: Pick<Metrics, 'set' | 'count'>,
  logger: Pick<Logger, 'info' | 'error'>,
): void {
  const job = scope === 'all' ? 'ledger-all' : 'ledger';
  for (const { topic } of AUDITED) {
    const lines = ledger.partitions.filter((line) => line.topic === topic);
    const sum = (of: (line: PartitionLedger) => number): number => lines.reduce((all, line) => all + of(line), 0);
    if (lines.length === 0) continue;
    metrics.set(
      'ledgerGaps',
      { topic, scope },
      sum((line) => line.gaps),
    );
    metrics.set(
      'ledgerDuplicates',
      { topic, scope },
      sum((line) => line.duplicates),
    );
    metrics.set(
      'ledgerBeyondEnd',
      { topic, scope },
      sum((line) => line.beyondEnd),
    );
  }
  const { rollups } = ledger;
  if (rollups !== undefined) {
    for (const table of ROLLUP_TABLES) {
      const fault = rollups.find((one) => one.table === table);
      const faults = fault === undefined ? 0 : Math.max(fault.extra + fault.missing, fault.keys ?? 0);
      metrics.set('rollupFaults', { table, scope }, faults);
    }
  }
  const clean = isClean(ledger);
  metrics.count('jobRuns', { job, outcome: clean ? 'clean' : 'faults' });
  const { since, landed, gaps, duplicates, beyondEnd, lag } = ledger;
  if (clean) logger.info({ since, landed, lag }, 'the ledger is clean');
  else {
    const partitions = ledger.partitions.filter((line) => line.gaps + line.duplicates + line.beyondEnd > 0);
    logger.error(
      { since, landed, gaps, duplicates, beyondEnd, lag, rollups, partitions },
      'the ledger shows faults: see the README of the scheduler, "When it is not clean"',
    );
  }
}
