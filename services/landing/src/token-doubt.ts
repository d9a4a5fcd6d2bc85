// Whether a token still stands for its block: decided by what the store holds, not by hope.

/** What ClickHouse says of the time between a block's announcement and now, all by its own clock. */
export interface TokenEvidence {
  /** When the receipt of the block right before was stored: the block was announced after it. Undefined: there is none. */
  readonly receiptBeforeMicros: number | undefined;
  /** Blocks of the topic, of all its partitions, that landed since that receipt. */
  readonly blocksSince: number;
  /** The least window of the table and its views' targets, in blocks and, where they forget by time, in seconds. */
  readonly windowBlocks: number;
  readonly windowSeconds: number | undefined;
  /** When any of these tables was made or altered last, to the second. */
  readonly tablesChangedMicros: number;
  /** When this engine was started, to the second; undefined where its tables keep tokens outside of it (replicas). */
  readonly engineStartedMicros: number | undefined;
  readonly nowMicros: number;
}

// A block takes a place in the window for each writer schema and day in it: seldom two of the one, seldom two of the other.
const PLACES_PER_BLOCK = 4;
const SECOND = 1_000_000;

/** Why the token may no longer mean what it meant; undefined: it does, and the block may go in again under it. */
export function tokenDoubt(evidence: TokenEvidence): string | undefined {
  const { receiptBeforeMicros: since, blocksSince, windowBlocks, windowSeconds, engineStartedMicros } = evidence;
  if (since === undefined) return 'the ledger has no receipt of the block before it';
  if (blocksSince * PLACES_PER_BLOCK >= windowBlocks)
    return `${blocksSince} blocks have landed since, and tokens are kept for ${windowBlocks}`;
  if (windowSeconds !== undefined && evidence.nowMicros - since >= (windowSeconds * SECOND) / 2)
    return `it is as old as half the ${windowSeconds} s for which replicas keep tokens`;
  // Both are cut to the second: the same second may be before or after.
  if (evidence.tablesChangedMicros + SECOND > since) return 'its tables were made or altered since';
  if (engineStartedMicros !== undefined && engineStartedMicros + SECOND > since)
    return 'ClickHouse was started since: it may have died between remembering the token and storing the rows';
  return undefined;
}
