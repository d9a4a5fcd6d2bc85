// Watermarks: how far event time has come, as a function of the records read so far and of nothing else.

import { StateReader, StateWriter } from '@watchkeeper/schemas';

/** A partition's watermark in microseconds; -Infinity until something is known. It never goes back. */
export interface Watermark<Input> {
  /** Takes an input into account; the watermark after it. */
  observe(input: Input): number;
  /** Moves on to `toMicros` where that is ahead (a decision that lies in the log). */
  advance(toMicros: number): number;
  readonly micros: number;
  /** True of an input that its own source has promised to be complete without: after a crash it says again what it said before. */
  isRepeated?(input: Input): boolean;
  encode(): Buffer;
}

/** Makes watermarks of one kind. */
export interface WatermarkPolicy<Input> {
  create(): Watermark<Input>;
  decode(bytes: Buffer): Watermark<Input>;
}

/** The latest event time (clamp it to the log's first) less `latenessMicros`. */
export function eventTimeWatermark<Input>(options: {
  timeOf: (input: Input) => number;
  latenessMicros: number;
}): WatermarkPolicy<Input> {
  const { timeOf, latenessMicros } = options;
  const from = (startMicros: number): Watermark<Input> => {
    let micros = startMicros;
    return {
      observe(input) {
        const now = timeOf(input) - latenessMicros;
        if (now > micros) micros = now;
        return micros;
      },
      advance(toMicros) {
        if (toMicros > micros) micros = toMicros;
        return micros;
      },
      get micros() {
        return micros;
      },
      encode: () => new StateWriter(1).double(micros).done(),
    };
  };
  return {
    create: () => from(-Infinity),
    decode: (bytes) => from(new StateReader(bytes, [1]).double()),
  };
}

/** "This source partition has closed every window that ends at or before closedUntilMicros." */
export interface SourceMark {
  readonly sourcePartition: number;
  readonly sourcePartitions: number;
  readonly closedUntilMicros: number;
}

/** The least mark over all source partitions; -Infinity until each of them has spoken. */
export function markWatermark<Input>(options: {
  markOf: (input: Input) => SourceMark | undefined;
}): WatermarkPolicy<Input> {
  const from = (marks: Map<number, number>, startPartitions: number, startMicros: number): Watermark<Input> => {
    let partitions = startPartitions;
    let micros = startMicros;
    return {
      observe(input) {
        const mark = options.markOf(input);
        if (!mark) return micros;
        if (mark.sourcePartitions > partitions) partitions = mark.sourcePartitions;
        const before = marks.get(mark.sourcePartition);
        if (before !== undefined && before >= mark.closedUntilMicros) return micros;
        marks.set(mark.sourcePartition, mark.closedUntilMicros);
        if (marks.size < partitions) return micros;
        let least = Infinity;
        for (const closed of marks.values()) if (closed < least) least = closed;
        if (least > micros) micros = least;
        return micros;
      },
      advance(toMicros) {
        if (toMicros > micros) micros = toMicros;
        return micros;
      },
      get micros() {
        return micros;
      },
      encode() {
        const writer = new StateWriter(1).double(micros).int(partitions);
        return writer
          .list(
            [...marks].sort(([a], [b]) => a - b),
            ([partition, closed]) => writer.int(partition).double(closed),
          )
          .done();
      },
    };
  };
  return {
    create: () => from(new Map(), 1, -Infinity),
    decode(bytes) {
      const reader = new StateReader(bytes, [1]);
      const micros = reader.double();
      const partitions = reader.int();
      return from(new Map(reader.list(() => [reader.int(), reader.double()] as const)), partitions, micros);
    },
  };
}
