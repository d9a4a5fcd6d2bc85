// The ledger's arithmetic: what the log holds against what ClickHouse holds, offset by offset, without looking at one.

/** What is known of one partition. Offsets are [first, next). */
export interface PartitionFacts {
  readonly topic: string;
  readonly partition: number;
  /** First offset that the log still holds, and its end. */
  readonly begin: number;
  readonly end: number;
  readonly committed: number | undefined;
  /** Sums over the receipts of landing; undefined: none. */
  readonly receipts: ReceiptSums | undefined;
  /** Rows of the offsets that the checkable receipts speak of. */
  readonly stored: StoredSums;
}

export interface ReceiptSums {
  readonly first: number;
  readonly next: number;
  /** Sum of the blocks' lengths: above `next - first` where blocks overlap, below it where one is missing. */
  readonly covered: number;
  readonly rows: number;
  readonly deadLetters: number;
  readonly holes: number;
  readonly lost: number;
  /** Rows of the receipts that are young enough for TTL to have left their rows alone. */
  readonly checkableRows: number;
}

export interface StoredSums {
  readonly rows: number;
  /** Of the rows whose offsets were compared one by one. */
  readonly comparedRows: number;
  readonly comparedDistinct: number;
}

/** One line of `watchkeeper doctor ledger`. */
export interface PartitionLedger {
  readonly topic: string;
  readonly partition: number;
  /** Offsets that the log has given out, as far back as the log or the ledger remembers. */
  readonly produced: number;
  readonly landed: number;
  readonly deadLettered: number;
  /** Offsets without a record: transaction markers, compaction. */
  readonly holes: number;
  /** Offsets that retention removed unread, and that a person accepted. */
  readonly acceptedGaps: number;
  /** Offsets that were passed and are nowhere; must be 0. */
  readonly gaps: number;
  /** Rows beyond one per offset; must be 0. */
  readonly duplicates: number;
  /** Offsets that landing has not passed yet. */
  readonly lag: number;
}

export interface Ledger {
  readonly partitions: readonly PartitionLedger[];
  readonly landed: number;
  readonly gaps: number;
  readonly duplicates: number;
  readonly lag: number;
  /** Events whose id lies at more than one offset: sent twice by an agent, hence landed twice. Undefined: not asked for. */
  readonly repeatedEvents: number | undefined;
}

/** Compares one partition. */
export function partitionLedger(facts: PartitionFacts): PartitionLedger {
  const { topic, partition, begin, end, receipts, stored } = facts;
  const first = Math.min(begin, receipts?.first ?? begin);
  // Without a receipt, what the group has committed past is missing; with one, so is what it committed past the last.
  const next = Math.max(receipts?.next ?? first, facts.committed ?? first);
  const uncovered = Math.max(0, next - first - (receipts?.covered ?? 0));
  const missingRows = Math.max(0, (receipts?.checkableRows ?? 0) - stored.rows);
  const extraRows = Math.max(0, stored.rows - (receipts?.checkableRows ?? 0));
  const overlap = Math.max(0, (receipts?.covered ?? 0) - ((receipts?.next ?? 0) - (receipts?.first ?? 0)));
  const repeated = stored.comparedRows - stored.comparedDistinct;
  return {
    topic,
    partition,
    produced: end - first,
    landed: receipts?.rows ?? 0,
    deadLettered: receipts?.deadLetters ?? 0,
    holes: receipts?.holes ?? 0,
    acceptedGaps: receipts?.lost ?? 0,
    gaps: uncovered + missingRows,
    duplicates: Math.max(extraRows, overlap, repeated),
    lag: Math.max(0, end - next),
  };
}

/** Compares all partitions and sums up. */
export function ledgerOf(facts: readonly PartitionFacts[], repeatedEvents?: number): Ledger {
  const partitions = facts.map(partitionLedger);
  const sum = (of: (line: PartitionLedger) => number): number => partitions.reduce((all, line) => all + of(line), 0);
  return {
    partitions,
    landed: sum((line) => line.landed),
    gaps: sum((line) => line.gaps),
    duplicates: sum((line) => line.duplicates),
    lag: sum((line) => line.lag),
    repeatedEvents,
  };
}
