// The ledger's arithmetic: what the log holds against what ClickHouse holds, offset by offset, without looking at one.

/** What is known of one partition. Offsets are [first, next). */
export interface PartitionFacts {
  readonly topic: string;
  readonly partition: number;
  /** First offset that the log still holds, and its end. */
  readonly begin: number;
  readonly end: number;
  /** First offset that is asked about; undefined: as far back as the log or the ledger remembers. */
  readonly from?: number | undefined;
  readonly committed: number | undefined;
  /** Sums over the receipts of landing; undefined: none. */
  readonly receipts: ReceiptSums | undefined;
  /** Rows of the offsets that the checkable receipts speak of. */
  readonly stored: StoredSums;
  /** Different records of the partition that lie in the table of dead letters. */
  readonly letters: number;
}

export interface ReceiptSums {
  readonly first: number;
  readonly next: number;
  /** Offsets between the receipts that no receipt speaks of. */
  readonly skipped: number;
  /** Offsets that more than one receipt speaks of. */
  readonly overlap: number;
  readonly rows: number;
  readonly deadLetters: number;
  readonly holes: number;
  readonly lost: number;
  /** Rows of the receipts that are young enough for TTL to have left their rows alone. */
  readonly checkableRows: number;
  /** Dead letters of the receipts that are young enough for TTL to have left the letters alone. */
  readonly checkableLetters: number;
}

export interface StoredSums {
  readonly rows: number;
  /** Different offsets among them. */
  readonly distinct: number;
}

/** One line of `watchkeeper doctor ledger`. */
export interface PartitionLedger {
  readonly topic: string;
  readonly partition: number;
  /** The log's own first and next offset, and what the group has committed (null: nothing). */
  readonly begin: number;
  readonly end: number;
  readonly committed: number | null;
  /** Offsets that the log has given out: since the time asked for, or as far back as the log or the ledger remembers. */
  readonly produced: number;
  readonly landed: number;
  readonly deadLettered: number;
  /** Offsets without a record: transaction markers, compaction. */
  readonly holes: number;
  /** Offsets that retention removed unread, and that a person accepted. */
  readonly acceptedGaps: number;
  /** Offsets that were passed, or removed by retention before they were read, and are nowhere; must be 0. */
  readonly gaps: number;
  /** Rows beyond one per offset; must be 0. */
  readonly duplicates: number;
  /** Offsets that landing has not passed yet. */
  readonly lag: number;
  /** Offsets landed or committed beyond the log's end: this is another log than the one that was landed; must be 0. */
  readonly beyondEnd: number;
}

/** How a rollup differs from the events. */
export interface RollupFault {
  readonly table: string;
  /** Events or calls that it counts beyond those that are there. */
  readonly extra: number;
  /** Events or calls that it does not count. */
  readonly missing: number;
  /** Keys (agent and minute, session, …) of which anything differs; null where only totals were compared. */
  readonly keys: number | null;
}

export interface Ledger {
  /** ISO time from which on the log was looked at; null: from its beginning. */
  readonly since: string | null;
  readonly partitions: readonly PartitionLedger[];
  readonly landed: number;
  readonly gaps: number;
  readonly duplicates: number;
  readonly lag: number;
  readonly beyondEnd: number;
  /** Events whose id lies at more than one offset: sent twice by an agent, hence landed twice. Undefined: not asked for. */
  readonly repeatedEvents: number | undefined;
  /** Rollups that do not say what the events say; empty where all agree. Undefined: not asked for. */
  readonly rollups: readonly RollupFault[] | undefined;
}

/** True where nothing is missing, twice, miscounted, or of another log. */
export function isClean(ledger: Ledger): boolean {
  return ledger.gaps + ledger.duplicates + ledger.beyondEnd === 0 && (ledger.rollups ?? []).length === 0;
}

/** Compares one partition. With `lettersAwaited` dead letters may still be on their way and are not missed. */
export function partitionLedger(facts: PartitionFacts, lettersAwaited = false): PartitionLedger {
  const { topic, partition, begin, end, receipts, stored, committed } = facts;
  const asked = facts.from ?? begin;
  const first = Math.min(asked, receipts?.first ?? asked);
  // Without a receipt, what the group has committed past is missing; with one, so is what it committed past the last.
  const covered = Math.max(receipts?.next ?? first, first);
  const next = Math.max(covered, committed ?? first);
  const removedUnread = Math.max(0, begin - next);
  const uncovered = Math.max(0, (receipts?.first ?? first) - first) + (receipts?.skipped ?? 0) + (next - covered);
  const checkable = receipts?.checkableRows ?? 0;
  const missingRows = Math.max(0, checkable - stored.distinct);
  const unknownRows = Math.max(0, stored.distinct - checkable);
  const missingLetters = lettersAwaited ? 0 : Math.max(0, (receipts?.checkableLetters ?? 0) - facts.letters);
  return {
    topic,
    partition,
    begin,
    end,
    committed: committed ?? null,
    produced: Math.max(0, end - first),
    landed: (receipts?.rows ?? 0) - missingRows,
    deadLettered: (receipts?.deadLetters ?? 0) - missingLetters,
    holes: receipts?.holes ?? 0,
    acceptedGaps: receipts?.lost ?? 0,
    gaps: uncovered + removedUnread + missingRows + missingLetters,
    duplicates: Math.max(receipts?.overlap ?? 0, stored.rows - stored.distinct + unknownRows),
    lag: Math.max(0, end - Math.max(next, begin)),
    beyondEnd: Math.max(0, next - end),
  };
}

export interface LedgerFacts {
  readonly facts: readonly PartitionFacts[];
  readonly sinceMs?: number | undefined;
  readonly repeated?: number | undefined;
  readonly rollups?: readonly RollupFault[] | undefined;
  readonly lettersAwaited?: boolean;
}

/** Compares all partitions and sums up. */
export function ledgerOf({ facts, sinceMs, repeated, rollups, lettersAwaited = false }: LedgerFacts): Ledger {
  const partitions = facts.map((one) => partitionLedger(one, lettersAwaited));
  const sum = (of: (line: PartitionLedger) => number): number => partitions.reduce((all, line) => all + of(line), 0);
  return {
    since: sinceMs === undefined ? null : new Date(sinceMs).toISOString(),
    partitions,
    landed: sum((line) => line.landed),
    gaps: sum((line) => line.gaps),
    duplicates: sum((line) => line.duplicates),
    lag: sum((line) => line.lag),
    beyondEnd: sum((line) => line.beyondEnd),
    repeatedEvents: repeated,
    rollups,
  };
}
