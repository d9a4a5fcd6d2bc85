// Test events: a whole LoopView from the few fields that a test is about.

import type { DetectionDraft } from '@watchkeeper/schemas';
import { loopDetector } from '../detector.js';
import type { LoopOptions } from '../options.js';
import type { LoopState } from '../state.js';
import type { LoopView } from '../view.js';

const none = Buffer.alloc(16);
const empty = Buffer.alloc(0);

/** An event of session s of tenant t, a second after the one before. */
export function event(seq: number, fields: Partial<LoopView>): LoopView {
  return {
    event_id: `e${seq}`,
    tenant_id: 't',
    session_id: 's',
    seq,
    agent_id: 'agent',
    agent_version: '1',
    occurred_at: 1_700_000_000_000_000 + seq * 1_000_000,
    kind: 'TOOL_CALL',
    phase: 'POINT',
    actor: 'AGENT',
    recipient: '',
    name: '',
    status: 'OK',
    error_message: '',
    input: '',
    output: '',
    input_fingerprint: none,
    output_fingerprint: none,
    input_sketch: empty,
    output_sketch: empty,
    input_facets: empty,
    output_facets: empty,
    content_level: 'FULL',
    input_tokens: 0,
    output_tokens: 0,
    cost_nano_usd: 0,
    goal: '',
    ...fields,
  };
}

/** A tool call with its result. */
export function call(
  seq: number,
  name: string,
  input: unknown,
  output: string,
  fields: Partial<LoopView> = {},
): LoopView {
  return event(seq, { name, input: typeof input === 'string' ? input : JSON.stringify(input), output, ...fields });
}

/** What a user says. */
export function userSays(seq: number, text: string): LoopView {
  return event(seq, { kind: 'MESSAGE', actor: 'USER', input: text });
}

export interface Run {
  readonly state: LoopState;
  readonly drafts: DetectionDraft[];
}

/** Drafts of the events in their order, without closing. */
export function run(events: Iterable<LoopView>, options: Partial<LoopOptions> = {}): Run {
  const detector = loopDetector(options);
  const state = detector.create('1:t1:s');
  const drafts: DetectionDraft[] = [];
  for (const one of events) drafts.push(...detector.onEvent(state, one));
  return { state, drafts };
}

/** `count` words that a seed makes, so that texts differ as a whole or not at all. */
export function words(seed: number, count: number): string {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  const out: string[] = [];
  for (let i = 0; i < count; i++) {
    let word = '';
    for (let k = 0; k < 6; k++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      word += String.fromCharCode(97 + ((state >>> 24) % 26));
    }
    out.push(word);
  }
  return out.join(' ');
}
