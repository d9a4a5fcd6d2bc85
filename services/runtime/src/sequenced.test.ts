import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequenced, type SequencedOptions } from './sequenced.js';
import { countDetector, type CountInput, type CountOutput } from './testing.js';

const options: SequencedOptions<CountInput> = { seqOf: (input) => input.seq, timeOf: (input) => input.timeMicros };
const at = (seq: number, timeMicros = seq * 1_000): CountInput => ({ key: 'k', seq, timeMicros });

/** What the inner detector saw, in its order. */
function delivered(
  inputs: readonly CountInput[],
  of: Partial<SequencedOptions<CountInput>> = {},
  roundTrips = false,
): number[] {
  const detector = sequenced(countDetector(1), { ...options, ...of });
  let state = detector.create('k');
  const outputs: CountOutput[] = [];
  for (const input of inputs) {
    outputs.push(...detector.onEvent(state, input));
    if (roundTrips) state = detector.decode(detector.encode(state));
  }
  outputs.push(...detector.onClose(state));
  return outputs.at(-1)?.seqs.slice() ?? [];
}

/** Permutations in which no event is more than `most` places early. */
const shuffled = (most: number) =>
  fc.array(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 80 }).map((delays) =>
    delays
      .map((delay, seq) => ({ seq, place: seq + delay }))
      .sort((a, b) => a.place - b.place || a.seq - b.seq)
      .map(({ seq }) => seq),
  );

describe('sequenced', () => {
  it('delivers any permutation within the buffer in order', () => {
    fc.assert(
      fc.property(shuffled(8), (seqs) => {
        expect(
          delivered(
            seqs.map((seq) => at(seq, 0)),
            { maxStep: 1 },
          ),
        ).toEqual(seqs.slice().sort((a, b) => a - b));
      }),
    );
  });

  it('drops repeats, in order or not', () => {
    fc.assert(
      fc.property(shuffled(8), fc.array(fc.nat({ max: 79 })), (seqs, again) => {
        const withRepeats = seqs.flatMap((seq, index) => (again.includes(index) ? [seq, seq, seqs[0]!] : [seq]));
        expect(
          delivered(
            withRepeats.map((seq) => at(seq, 0)),
            { maxStep: 1 },
          ),
        ).toEqual(seqs.slice().sort((a, b) => a - b));
      }),
    );
  });

  it('loses nothing and delivers nothing twice, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.nat({ max: 10_000_000 }))), (given) => {
        const seen = delivered(given.map(([seq, timeMicros]) => at(seq, timeMicros)));
        expect(seen.slice().sort((a, b) => a - b)).toEqual(
          [...new Set(given.map(([seq]) => seq))].sort((a, b) => a - b),
        );
      }),
    );
  });

  it('goes on from its encoded state as if nothing had happened', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.nat({ max: 10_000_000 }))), (given) => {
        const inputs = given.map(([seq, timeMicros]) => at(seq, timeMicros));
        expect(delivered(inputs, {}, true)).toEqual(delivered(inputs));
      }),
    );
  });

  it('takes seqs that leave one out as in order: trace replays number two to a step', () => {
    const detector = sequenced(countDetector(1), options);
    const state = detector.create('k');
    for (const seq of [0, 2, 3, 5, 6]) detector.onEvent(state, at(seq));
    expect(state.held).toEqual([]);
    expect(state.inner.seqs).toEqual([0, 2, 3, 5, 6]);
  });

  it('gives a gap up once sixteen wait, and passes on what comes later still', () => {
    const detector = sequenced(countDetector(1), options);
    const state = detector.create('k');
    detector.onEvent(state, at(0, 0));
    for (let seq = 10; seq < 26; seq++) detector.onEvent(state, at(seq, 0));
    expect(state.inner.seqs).toEqual([0]);
    detector.onEvent(state, at(26, 0));
    expect(state.inner.seqs).toEqual([0, ...Array.from({ length: 17 }, (_, index) => 10 + index)]);
    detector.onEvent(state, at(5, 0));
    expect(state.inner.seqs.at(-1)).toBe(5);
  });

  it('gives a gap up after two seconds of event time, by its own events or by the watermark', () => {
    const detector = sequenced(countDetector(1), options);
    for (const byTimer of [true, false]) {
      const state = detector.create('k');
      detector.onEvent(state, at(0, 0));
      detector.onEvent(state, at(9, 1_000_000));
      expect(detector.dueAt(state)).toBe(3_000_000);
      if (byTimer) detector.onTime(state, 3_000_000);
      else detector.onEvent(state, at(20, 3_000_000));
      expect(state.inner.seqs).toEqual([0, 9]);
    }
  });

  it('does not go blind when a session counts from 0 again', () => {
    expect(delivered([...Array.from({ length: 300 }, (_, seq) => at(seq)), at(0), at(1)]).slice(-2)).toEqual([0, 1]);
  });
});
