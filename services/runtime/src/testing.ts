// What the tests of this package share: a detector of counts, and roles over it.
import {
  catalogueIds,
  encodeWire,
  tupleKey,
  view,
  writerTypes,
  type AgentEvent,
  type Detector,
} from '@watchkeeper/schemas';
import { defaultRecord } from '@watchkeeper/schemas/testing';

const EVENT_ID = catalogueIds().idOf('AgentEvent');

/** An event for tests; `of` overrides. */
export function testEvent(of: Partial<AgentEvent> & Pick<AgentEvent, 'session_id' | 'seq'>): AgentEvent {
  return {
    ...defaultRecord('AgentEvent'),
    event_id: `${of.session_id}-${of.seq}`,
    tenant_id: 't',
    agent_id: 'a',
    occurred_at: of.seq * 1_000_000,
    kind: 'TOOL_CALL',
    ...of,
  };
}

/** Its value in the wire format. */
export function testValue(event: AgentEvent): Buffer {
  return encodeWire(EVENT_ID, writerTypes.AgentEvent, event);
}

export const CountView = view('AgentEvent', ['tenant_id', 'session_id', 'seq', 'occurred_at']);

export interface CountInput {
  readonly key: string;
  readonly seq: number;
  readonly timeMicros: number;
}

/** What the counting detector says: at every `every`th event, at a timer, at the end. */
export interface CountOutput {
  readonly key: string;
  readonly why: 'count' | 'timer' | 'close';
  readonly count: number;
  readonly seqs: readonly number[];
}

export interface CountState {
  readonly key: string;
  seqs: number[];
  dueMicros: number | undefined;
}

/** Reports every third event, a timer 5 s after the last event, and the close. */
export function countDetector(every = 3, timerMicros = 5_000_000): Detector<CountState, CountInput, CountOutput> {
  const say = (state: CountState, why: CountOutput['why']): CountOutput => ({
    key: state.key,
    why,
    count: state.seqs.length,
    seqs: [...state.seqs],
  });
  return {
    id: 'count',
    version: 1,
    keyOf: (input) => input.key,
    create: (key) => ({ key, seqs: [], dueMicros: undefined }),
    onEvent(state, input) {
      state.seqs.push(input.seq);
      state.dueMicros = Math.max(state.dueMicros ?? -Infinity, input.timeMicros + timerMicros);
      return state.seqs.length % every === 0 ? [say(state, 'count')] : [];
    },
    dueAt: (state) => state.dueMicros,
    onTime(state) {
      state.dueMicros = undefined;
      return [say(state, 'timer')];
    },
    onClose: (state) => [say(state, 'close')],
    score: (state) => state.seqs.length,
    encode: (state) => Buffer.from(JSON.stringify(state)),
    decode: (bytes) => JSON.parse(bytes.toString()) as CountState,
  };
}

export const countInput = (event: {
  tenant_id: string;
  session_id: string;
  seq: number;
  occurred_at: number;
}): CountInput => ({
  key: tupleKey(event.tenant_id, event.session_id),
  seq: event.seq,
  timeMicros: event.occurred_at,
});
