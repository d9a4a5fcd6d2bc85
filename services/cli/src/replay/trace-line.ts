// One line of the neutral trace form: what it may hold, and what is wrong with it where it does not.

/** Where a line stands. */
interface Place {
  readonly session: string;
  readonly step: number;
  /** `quarter`, where labels are per period: what they are judged by, and no event's business. */
  readonly period: number | undefined;
}

/** A line of events.jsonl. Unknown members are left out. */
export type TraceLine = Place &
  (
    | {
        readonly kind: 'session';
        readonly agent: string;
        readonly goal: string;
      }
    | {
        readonly kind: 'message';
        readonly actor: string;
        readonly text: string;
      }
    | {
        readonly kind: 'tool';
        readonly actor: string;
        readonly tool: string;
        /** As text: JSON where the source has an object. */
        readonly args: string;
        readonly output: string;
        /** What the agent said before the call. */
        readonly text: string;
      }
  );

export type ParsedLine = { kind: 'ok'; line: TraceLine } | { kind: 'bad'; why: string };

/** Reads a line. Never throws. */
export function parseTraceLine(text: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return bad(error instanceof Error ? error.message : 'no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad('it is no JSON object');
  const fields = value as Record<string, unknown>;
  const { session, step } = fields;
  if (typeof session !== 'string' || session === '') return bad("'session' must be a text");
  if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 0)
    return bad("'step' must be a whole number from 0 on");
  for (const name of ['actor', 'tool', 'output', 'text', 'agent', 'goal']) {
    if (fields[name] !== undefined && fields[name] !== null && typeof fields[name] !== 'string')
      return bad(`'${name}' must be a text`);
  }
  const { quarter } = fields;
  const place = { session, step, period: typeof quarter === 'number' ? quarter : undefined };
  const string = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  switch (fields['kind']) {
    case 'session':
      return { kind: 'ok', line: { kind: 'session', ...place, agent: string('agent'), goal: string('goal') } };
    case 'message':
      return { kind: 'ok', line: { kind: 'message', ...place, actor: string('actor'), text: string('text') } };
    case 'tool':
      return {
        kind: 'ok',
        line: {
          kind: 'tool',
          ...place,
          actor: string('actor'),
          tool: string('tool'),
          args: argsText(fields['args']),
          output: string('output'),
          text: string('text'),
        },
      };
    default:
      return bad("'kind' must be session, tool or message");
  }
}

function bad(why: string): ParsedLine {
  return { kind: 'bad', why };
}

function argsText(args: unknown): string {
  if (args === undefined || args === null) return '';
  return typeof args === 'string' ? args : JSON.stringify(args);
}
