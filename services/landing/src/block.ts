// Cutting what a fetch brought into blocks: the unit that lands under one token.

import type { LogRecord } from '@watchkeeper/runtime';

/** How big a block may grow; a single record may exceed it. */
export interface BlockLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Offsets `first` to `last`, both inclusive, and the records among them; offsets without a record are holes of the log. */
export interface Block {
  readonly first: number;
  readonly last: number;
  readonly records: readonly LogRecord[];
}

/**
 * The first block of `records`, which begin at or beyond offset `first` and reach up to `nextOffset`.
 * It ends at its last record, or right before `nextOffset` if it takes them all: so blocks tile the log.
 */
export function cutBlock(first: number, records: readonly LogRecord[], nextOffset: number, limits: BlockLimits): Block {
  let bytes = 0;
  let rows = 0;
  for (const record of records) {
    bytes += record.value?.length ?? 0;
    if (rows > 0 && (rows >= limits.rows || bytes > limits.bytes)) break;
    rows += 1;
  }
  const last = records[rows];
  const before = records[rows - 1];
  return {
    first,
    last: last === undefined || before === undefined ? nextOffset - 1 : before.offset,
    records: records.slice(0, rows),
  };
}

/** Exactly the block `first` to `last`, as it was cut before. */
export function recutBlock(first: number, last: number, records: readonly LogRecord[]): Block {
  return { first, last, records: records.filter((record) => record.offset >= first && record.offset <= last) };
}

/** Offsets of the block that hold no record. */
export const holesOf = (block: Block): number => block.last - block.first + 1 - block.records.length;
