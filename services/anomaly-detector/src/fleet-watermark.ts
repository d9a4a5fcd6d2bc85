// How far all of agent.events is measured: the least mark of all source partitions that have something to wait for.

import { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { MeasureInput } from './view.js';

/** A mark with this `window_end` says: I have nothing to wait for (an empty partition); it holds nobody back until it marks again. */
const EMPTY = 0;

/** The runtime's watermark, by shape: -Infinity until every source partition has spoken; it never goes back. */
export class FleetWatermark {
  readonly #marks = new Map<number, number>();
  /** The furthest mark of each source partition: a meter that starts again repeats measures, and marks too. */
  readonly #closed = new Map<number, number>();
  #partitions = 1;
  #micros = -Infinity;

  get micros(): number {
    return this.#micros;
  }

  observe(input: MeasureInput): number {
    if (input.record_kind !== 'MARK') return this.#micros;
    this.#partitions = Math.max(this.#partitions, input.source_partitions);
    const { source_partition: source, window_end: end } = input;
    const closed = this.#closed.get(source) ?? EMPTY;
    this.#marks.set(source, end === EMPTY ? EMPTY : Math.max(end, closed));
    this.#closed.set(source, Math.max(end, closed));
    if (this.#marks.size < this.#partitions) return this.#micros;
    let least = Infinity;
    for (const mark of this.#marks.values()) if (mark !== EMPTY && mark < least) least = mark;
    if (least !== Infinity && least > this.#micros) this.#micros = least;
    return this.#micros;
  }

  /** A measure lies before its source's mark for its window, in the same batch: one that comes behind it is there already. */
  isRepeated(input: MeasureInput): boolean {
    return (
      input.record_kind === 'MEASURE' && input.window_end <= (this.#closed.get(input.source_partition) ?? -Infinity)
    );
  }

  advance(toMicros: number): number {
    if (toMicros > this.#micros) this.#micros = toMicros;
    return this.#micros;
  }

  encode(): Buffer {
    const writer = new StateWriter(2).double(this.#micros).int(this.#partitions);
    const marks = [...this.#marks].sort(([a], [b]) => a - b);
    writer.list(marks, ([partition, mark]) => writer.int(partition).int(mark));
    const closed = [...this.#closed].sort(([a], [b]) => a - b);
    return writer.list(closed, ([partition, mark]) => writer.int(partition).int(mark)).done();
  }

  static decode(bytes: Buffer): FleetWatermark {
    const reader = new StateReader(bytes, [1, 2]);
    const watermark = new FleetWatermark();
    watermark.#micros = reader.double();
    watermark.#partitions = reader.int();
    for (const [partition, mark] of reader.list(() => [reader.int(), reader.int()] as const))
      watermark.#marks.set(partition, mark);
    const closed = reader.version === 1 ? watermark.#marks : reader.list(() => [reader.int(), reader.int()] as const);
    for (const [partition, mark] of closed) watermark.#closed.set(partition, mark);
    return watermark;
  }
}
