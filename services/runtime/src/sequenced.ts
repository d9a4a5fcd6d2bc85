// sequenced: a detector that sees each event of its key once and in order.

import { StateReader, StateWriter, type Detector } from '@watchkeeper/schemas';
import { SeenSeqs } from './seen-seqs.js';

export interface SequencedOptions<Input> {
  readonly seqOf: (input: Input) => number;
  /** Event time in microseconds, clamped to the log. */
  readonly timeOf: (input: Input) => number;
  /** seqs that follow each other by at most this are in order (trace replays leave one out); default 2. */
  readonly maxStep?: number;
  /** Events held back at most; default 16. */
  readonly maxHeld?: number;
  /** How long (event time) an event is held back at most; default 2,000. */
  readonly maxHoldMs?: number;
  /** Default: JSON. */
  readonly inputCodec?: { encode(input: Input): Buffer; decode(bytes: Buffer): Input };
}

interface Held<Input> {
  readonly seq: number;
  readonly input: Input;
  readonly untilMicros: number;
}

/** State of a sequenced detector: what it holds back, what it has seen, and the inner detector's state. */
export interface SequencedState<State, Input> {
  readonly inner: State;
  /** Ascending by seq. */
  readonly held: readonly Held<Input>[];
  readonly seen: SeenSeqs;
}

/**
 * Drops repeats by seq (exactly within the last 128, beyond that an old seq counts as new: a session that counts from 0 again must not
 * go blind), and puts events back in order: one that leaves a gap of more than `maxStep` waits until the gap is filled, `maxHeld` are
 * waiting, or `maxHoldMs` of event time have passed; then the gap is given up. One that comes later still is passed on as it comes.
 */
export function sequenced<State, Input, Output>(
  detector: Detector<State, Input, Output>,
  options: SequencedOptions<Input>,
): Detector<SequencedState<State, Input>, Input, Output> {
  const { seqOf, timeOf, maxStep = 2, maxHeld = 16, maxHoldMs = 2_000, inputCodec = jsonCodec<Input>() } = options;
  type Mine = SequencedState<State, Input> & { readonly held: Held<Input>[] };

  /** Delivers held events in order: while they follow on, and beyond a gap as long as `giveUp` says so. */
  function release(state: Mine, outputs: Output[], giveUp: (state: Mine) => boolean): void {
    for (;;) {
      const first = state.held[0];
      if (!first) return;
      if (first.seq - state.seen.last > maxStep && !giveUp(state)) return;
      state.held.shift();
      state.seen.add(first.seq);
      outputs.push(...detector.onEvent(state.inner, first.input));
    }
  }

  const holdUntil = (held: readonly Held<Input>[]): number | undefined =>
    held.length === 0 ? undefined : Math.min(...held.map((one) => one.untilMicros));
  const overdue = (nowMicros: number) => (state: Mine) => (holdUntil(state.held) ?? Infinity) <= nowMicros;

  function hold(state: Mine, seq: number, input: Input): void {
    const untilMicros = timeOf(input) + maxHoldMs * 1000;
    let at = state.held.length;
    while (at > 0 && (state.held[at - 1]?.seq ?? 0) > seq) at--;
    state.held.splice(at, 0, { seq, input, untilMicros });
  }

  return {
    id: detector.id,
    version: detector.version,
    keyOf: (input) => detector.keyOf(input),
    create: (key): Mine => ({ inner: detector.create(key), held: [], seen: new SeenSeqs() }),
    score: (state) => detector.score(state.inner),

    onEvent(given, input) {
      const state = given as Mine;
      const seq = seqOf(input);
      if (state.seen.has(seq)) return [];
      if (seq - state.seen.last <= maxStep && state.held.length === 0) {
        state.seen.add(seq);
        return detector.onEvent(state.inner, input);
      }
      if (state.held.some((one) => one.seq === seq)) return [];
      const outputs: Output[] = [];
      // What was due to be given up before this event came is given up before it is judged.
      release(state, outputs, overdue(timeOf(input)));
      if (seq - state.seen.last <= maxStep) {
        state.seen.add(seq);
        outputs.push(...detector.onEvent(state.inner, input));
      } else hold(state, seq, input);
      release(state, outputs, ({ held }) => held.length > maxHeld);
      return outputs;
    },

    dueAt(state) {
      const inner = detector.dueAt(state.inner);
      if (state.held.length === 0) return inner;
      const until = holdUntil(state.held);
      return inner === undefined || (until !== undefined && until < inner) ? until : inner;
    },

    onTime(given, watermarkMicros) {
      const state = given as Mine;
      const outputs: Output[] = [];
      release(state, outputs, overdue(watermarkMicros));
      const inner = detector.dueAt(state.inner);
      if (inner !== undefined && inner <= watermarkMicros)
        outputs.push(...detector.onTime(state.inner, watermarkMicros));
      return outputs;
    },

    onClose(given) {
      const state = given as Mine;
      const outputs: Output[] = [];
      release(state, outputs, () => true);
      outputs.push(...detector.onClose(state.inner));
      return outputs;
    },

    encode(state) {
      const writer = new StateWriter(1);
      state.seen.write(writer);
      writer.list(state.held, ({ seq, input, untilMicros }) => {
        writer.int(seq).double(untilMicros).bytes(inputCodec.encode(input));
      });
      return writer.bytes(detector.encode(state.inner)).done();
    },

    decode(bytes): Mine {
      const reader = new StateReader(bytes, [1]);
      const seen = SeenSeqs.read(reader);
      const held = reader.list((): Held<Input> => {
        const seq = reader.int();
        const untilMicros = reader.double();
        return { seq, untilMicros, input: inputCodec.decode(reader.bytes()) };
      });
      return { seen, held, inner: detector.decode(reader.bytes()) };
    },
  };
}

function jsonCodec<Input>(): { encode(input: Input): Buffer; decode(bytes: Buffer): Input } {
  return {
    encode: (input) => Buffer.from(JSON.stringify(input)),
    decode: (bytes) => JSON.parse(bytes.toString('utf8')) as Input,
  };
}
