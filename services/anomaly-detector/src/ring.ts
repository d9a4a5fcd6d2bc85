// The last day of a metric as a bounded row of blocks: fine where it is recent, coarse where it is old.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { HOUR_MICROS } from './options.js';

/** Some calls that follow each other. What `weight` and `sum` mean is the model's business; both add up. */
export interface Block {
  readonly startMicros: number;
  readonly endMicros: number;
  /** Calls (or sessions). */
  readonly count: number;
  readonly weight: number;
  readonly sum: number;
  /** As `sum`, without the clipping of outliers: for what a person reads. */
  readonly rawSum: number;
  /** The model has taken it for usual. */
  readonly learnt: boolean;
}

const NONE: Block[] = [];
export const RING_BLOCKS = 40;
const RING_MICROS = 24 * HOUR_MICROS;

/** Two neighbours as one. */
export function joinBlocks(one: Block, other: Block): Block {
  return {
    startMicros: one.startMicros,
    endMicros: other.endMicros,
    count: one.count + other.count,
    weight: one.weight + other.weight,
    sum: one.sum + other.sum,
    rawSum: one.rawSum + other.rawSum,
    learnt: one.learnt && other.learnt,
  };
}

/** Adds the newest block and joins old neighbours where the row is full; gives back what is older than a day. */
export function pushBlock(ring: Block[], block: Block): Block[] {
  ring.push(block);
  let old = 0;
  while (old < ring.length - 1 && (ring[old]?.endMicros ?? 0) < block.endMicros - RING_MICROS) old++;
  const gone = old === 0 ? NONE : ring.splice(0, old);
  if (ring.length <= RING_BLOCKS) return gone;
  let best = 0;
  let least = Infinity;
  for (let i = 0; i + 1 < ring.length; i++) {
    const one = ring[i];
    const other = ring[i + 1];
    if (!one || !other || one.learnt !== other.learnt) continue;
    // A span that is small for its age: like an exponential histogram (Datar et al., 2002).
    const cost = (other.endMicros - one.startMicros) / (block.endMicros - one.startMicros);
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  const one = ring[best];
  const other = ring[best + 1];
  if (one && other) ring.splice(best, 2, joinBlocks(one, other));
  return gone;
}

export function writeBlock(writer: StateWriter, block: Block): void {
  writer
    .int(block.startMicros)
    .int(block.endMicros - block.startMicros)
    .int(block.count);
  writer.double(block.weight).double(block.sum).double(block.rawSum).bool(block.learnt);
}

export function readBlock(reader: StateReader): Block {
  const startMicros = reader.int();
  return {
    startMicros,
    endMicros: startMicros + reader.int(),
    count: reader.int(),
    weight: reader.double(),
    sum: reader.double(),
    rawSum: reader.double(),
    learnt: reader.bool(),
  };
}
