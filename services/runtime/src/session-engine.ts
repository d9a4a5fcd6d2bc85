// How events of sessions meet a detector: in the order of seq, each once, a session closed by its end or by silence.

import type { Detector } from '@watchkeeper/schemas';
import type { EngineOptions } from './keyed-engine.js';
import { sequenced, type SequencedOptions, type SequencedState } from './sequenced.js';
import { eventTimeWatermark } from './watermark.js';

/** What of an event the engine looks at; `occurred_at` is in microseconds. */
export interface SessionEvent {
  readonly seq: number;
  readonly occurred_at: number;
  readonly kind: string;
}

/** How long a silent session is kept, and how many of a partition. */
export type SessionLimits = Partial<Pick<EngineOptions<unknown, unknown, unknown>, 'idleMs' | 'maxKeys'>>;

/** An engine over sessions; one that the role, an evaluation and a bench can share. */
export function sessionEngine<State, Input extends SessionEvent, Output>(
  detector: Detector<State, Input, Output>,
  inputCodec: NonNullable<SequencedOptions<Input>['inputCodec']>,
  { idleMs = 1_800_000, maxKeys = 1_000_000 }: SessionLimits = {},
): EngineOptions<SequencedState<State, Input>, Input, Output> {
  const timeOf = (event: Input): number => event.occurred_at;
  return {
    detector: sequenced(detector, { seqOf: (event) => event.seq, timeOf, inputCodec }),
    watermark: eventTimeWatermark({ timeOf, latenessMicros: 60_000_000 }),
    timeOf,
    idleMs,
    maxKeys,
    endsKey: (event) => event.kind === 'SESSION_ENDED',
  };
}
