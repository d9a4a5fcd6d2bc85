// From lines of the neutral trace form to events: seq 2·step is the text before a call, 2·step + 1 the call or the message itself.

import { createHash } from 'node:crypto';
import { type Actor, type EventKind, tupleKey } from '@watchkeeper/schemas';
import { PLAIN_STEP, type FleetEvent } from '../simulate/clock.js';
import type { TraceLine } from './trace-line.js';

/** The events of one line. `agentId` is the session's; `previousMicros` is when the line before happened. */
export function traceEvents(
  set: string,
  agentId: string,
  line: TraceLine,
  micros: number,
  previousMicros: number,
): FleetEvent[] {
  const at = (kind: EventKind, seq: number, more: Partial<FleetEvent>): FleetEvent => ({
    ...blank(set, line.session, agentId, kind, seq, micros),
    ...more,
  });
  const seq = 2 * line.step;
  switch (line.kind) {
    case 'session':
      return [at('SESSION_STARTED', seq + 1, { actor: 'USER', goal: line.goal })];
    case 'message': {
      const actor = actorOf(line.actor);
      const tokens = tokensOf(line.text);
      return [
        at('MESSAGE', seq + 1, {
          actor,
          role: actor === 'AGENT' ? line.actor : '',
          input: line.text,
          ...(actor === 'AGENT' ? { output_tokens: tokens } : { input_tokens: tokens }),
        }),
      ];
    }
    case 'tool': {
      const events: FleetEvent[] = [];
      if (line.text !== '')
        events.push(
          at('REASONING', seq, {
            occurred_at: between(previousMicros, micros),
            role: line.actor,
            output: line.text,
            output_tokens: tokensOf(line.text),
          }),
        );
      events.push(
        at('TOOL_CALL', seq + 1, {
          role: line.actor,
          name: line.tool,
          input: line.args,
          output: line.output,
          output_tokens: tokensOf(line.args),
          input_tokens: tokensOf(line.output),
        }),
      );
      return events;
    }
  }
}

/** The event that closes a session after its last step. */
export function sessionEnd(
  set: string,
  agentId: string,
  session: string,
  lastStep: number,
  micros: number,
): FleetEvent {
  return blank(set, session, agentId, 'SESSION_ENDED', 2 * lastStep + 2, micros);
}

function blank(
  set: string,
  session: string,
  agentId: string,
  kind: EventKind,
  seq: number,
  micros: number,
): FleetEvent {
  return {
    // The same line always makes the same event: a second replay is a repeated send, not another session.
    event_id: hash(set, session, String(seq)),
    tenant_id: set,
    session_id: session,
    seq,
    agent_id: agentId,
    agent_version: '',
    trace_id: hash(set, session),
    span_id: hash(set, session, String(seq)).slice(16),
    parent_span_id: '',
    occurred_at: micros,
    kind,
    ...PLAIN_STEP,
    attributes: { synthetic: 'time,tokens' },
  };
}

function actorOf(name: string): Actor {
  switch (name.toLowerCase()) {
    case 'user':
      return 'USER';
    case 'system':
      return 'SYSTEM';
    case 'tool':
      return 'TOOL';
    default:
      return 'AGENT';
  }
}

/** Four characters make a token, about. */
function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}

/** Late in the pause, and within it: file order holds. */
function between(from: number, to: number): number {
  return Math.max(from, Math.round(to - (to - from) * 0.4));
}

function hash(...parts: readonly string[]): string {
  return createHash('sha256')
    .update(tupleKey(...parts))
    .digest('hex')
    .slice(0, 32);
}
