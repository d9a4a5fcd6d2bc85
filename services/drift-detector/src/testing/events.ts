// Events for tests, with everything but the essential filled in.

import type { DriftView } from '../view.js';

const NOTHING = Buffer.alloc(0);

/** An event of the session `s` of the agent `a`; `occurred_at` follows from seq where it is not given. */
export function event(fields: Partial<DriftView> & Pick<DriftView, 'seq' | 'kind'>): DriftView {
  return {
    event_id: `e${fields.seq}`,
    tenant_id: 't',
    session_id: 's',
    agent_id: 'a',
    agent_version: '1',
    occurred_at: 1_700_000_000_000_000 + fields.seq * 1_000_000,
    phase: 'POINT',
    actor: 'AGENT',
    name: '',
    status: 'UNSET',
    input: '',
    output: '',
    input_sketch: NOTHING,
    output_sketch: NOTHING,
    content_level: 'FULL',
    duration_ms: null,
    input_tokens: 0,
    output_tokens: 0,
    cost_nano_usd: 0,
    goal: '',
    ...fields,
  };
}

/** A session as its steps, numbered from 1; costs are made up so that waste can be checked. */
export class SessionOf {
  readonly events: DriftView[] = [];

  constructor(goal: string, id = 's') {
    this.id = id;
    this.#add({ kind: 'SESSION_STARTED', goal });
  }

  readonly id: string;

  /** A tool call; arguments become JSON. */
  tool(name: string, input: unknown, output: unknown): this {
    return this.#add({
      kind: 'TOOL_CALL',
      name,
      input: JSON.stringify(input),
      output: typeof output === 'string' ? output : JSON.stringify(output),
      duration_ms: 100,
    });
  }

  user(text: string): this {
    return this.#add({ kind: 'MESSAGE', actor: 'USER', input: text });
  }

  say(text: string): this {
    return this.#add({ kind: 'MESSAGE', input: text });
  }

  plan(text: string): this {
    return this.#add({ kind: 'PLAN', input: text });
  }

  goal(goal: string): this {
    return this.#add({ kind: 'GOAL_SET', actor: 'USER', goal });
  }

  end(): this {
    return this.#add({ kind: 'SESSION_ENDED' });
  }

  get seq(): number {
    return this.events.length;
  }

  #add(fields: Partial<DriftView> & Pick<DriftView, 'kind'>): this {
    this.events.push(
      event({
        seq: this.events.length + 1,
        session_id: this.id,
        input_tokens: 10,
        output_tokens: 5,
        cost_nano_usd: 100,
        ...fields,
      }),
    );
    return this;
  }
}
