// What a detector is: a pure state machine over one key. The runtime owns state, order, time and output.

/**
 * A deterministic, keyed detector. All times are event times in microseconds; nothing here reads a clock.
 * Two runs over the same inputs give the same outputs, and `decode(encode(state))` at any point changes nothing that follows.
 */
export interface Detector<State, Input, Output> {
  readonly id: string;
  /** Rises when the same log would give other detections; a part of every detection_id. */
  readonly version: number;
  /** The key whose state this input belongs to ({@link tupleKey}). */
  keyOf(input: Input): string;
  create(key: string): State;
  /** May change `state` in place. */
  onEvent(state: State, input: Input): Output[];
  /** The event time at which `onTime` has something to do, if any; asked again after every call. */
  dueAt(state: State): number | undefined;
  /** The watermark has reached `dueAt`: windows close, silence is noticed. */
  onTime(state: State, watermarkMicros: number): Output[];
  /** The key expired (idle) or its session ended: last revisions of what is open. */
  onClose(state: State): Output[];
  /** How near to a detection this key is, also below the threshold; the highest reached so far for sessions. */
  score(state: State): number;
  encode(state: State): Buffer;
  /** Throws on bytes of a version it does not know. */
  decode(bytes: Buffer): State;
}
