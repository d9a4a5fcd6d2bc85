// Microseconds of CPU per event of the drift detector, decoding not included: `node services/drift-detector/bench.mjs` after a build. Made-up sessions of
// about 600 bytes an event, and the labelled traces where they are there (WATCHKEEPER_DATA, else beside the checkout).

import { existsSync, readdirSync } from 'node:fs';
import { driftDetector } from './dist/index.js';
import { sessionsOf, tracesFolder } from './dist/testing/traces.js';

const ROUNDS = 12;
const TRACE_ROUNDS = 7;
/** The first rounds are the compiler's. */
const WARM_ROUNDS = 2;

const NOTHING = Buffer.alloc(0);
const words =
  'overview detail record value remark total average recent result section number entry history update level group minor open closed north south green large early late season series factor margin signal branch module region window corner supply invoice parcel harbour lantern meadow copper thunder ribbon'.split(
    ' ',
  );
let seed = 42;
const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const sentence = (count) =>
  Array.from(
    { length: count },
    () => words[Math.floor(random() * words.length)] + (random() < 0.04 ? Math.floor(random() * 1e5) : ''),
  ).join(' ');

/** Every third event a model's reply, the others tool calls with short arguments and an answer of two to five sentences. */
function session(id, length) {
  const base = {
    tenant_id: 't',
    session_id: id,
    agent_id: 'a',
    agent_version: '1',
    phase: 'POINT',
    actor: 'AGENT',
    status: 'OK',
    content_level: 'FULL',
  };
  const rest = {
    input_sketch: NOTHING,
    output_sketch: NOTHING,
    duration_ms: 100,
    input_tokens: 900,
    output_tokens: 80,
    cost_nano_usd: 1e5,
    goal: '',
  };
  const events = [
    {
      ...base,
      ...rest,
      event_id: 'e0',
      seq: 0,
      occurred_at: 0,
      kind: 'SESSION_STARTED',
      name: '',
      input: '',
      output: '',
      goal: `Find out about ${sentence(12)}.`,
    },
  ];
  for (let seq = 1; seq < length; seq++) {
    const isCall = seq % 3 !== 0;
    events.push({
      ...base,
      ...rest,
      event_id: `e${seq}`,
      seq,
      occurred_at: seq * 1e6,
      kind: isCall ? 'TOOL_CALL' : 'LLM_CALL',
      name: isCall ? ['search_records', 'read_record', 'list_entries', 'send_note'][seq % 4] : 'model',
      input: isCall ? JSON.stringify({ query: sentence(4), id: `R-${Math.floor(random() * 1e5)}` }) : '',
      output: Array.from(
        { length: 4 + (seq % 4) },
        () => `The ${sentence(11)} for R-${Math.floor(random() * 1e5)}.`,
      ).join(' '),
    });
  }
  return events;
}

/** One run over all sessions, events of different sessions interleaved as a partition brings them. */
function microsPerEvent(sessions) {
  const detector = driftDetector();
  const states = new Map();
  const length = Math.max(...sessions.map((events) => events.length));
  let count = 0;
  const before = process.cpuUsage();
  for (let step = 0; step < length; step++) {
    for (const own of sessions) {
      const event = own[step];
      if (event === undefined) continue;
      const key = detector.keyOf(event);
      let state = states.get(key);
      if (!state) states.set(key, (state = detector.create(key)));
      detector.onEvent(state, event);
      count++;
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

function figuresOf(sessions, repeats) {
  const events = sessions.flat();
  const bytes = events.reduce((sum, { input, output, goal }) => sum + input.length + output.length + goal.length, 0);
  const rounds = Array.from({ length: repeats }, () => microsPerEvent(sessions))
    .slice(WARM_ROUNDS)
    .sort((a, b) => a - b);
  return {
    usPerEvent: { median: +rounds[rounds.length >> 1].toFixed(2), best: +rounds[0].toFixed(2) },
    contentBytesPerEvent: Math.round(bytes / events.length),
    events: events.length,
    sessions: sessions.length,
  };
}

const result = {
  madeUp: figuresOf(
    Array.from({ length: 300 }, (_, i) => session(`s${i}`, 40)),
    ROUNDS,
  ),
};
if (existsSync(tracesFolder())) {
  const sets = readdirSync(tracesFolder()).map((set) => [
    set,
    [...sessionsOf(set).values()].map((events) => events.map((event) => ({ ...event, tenant_id: set }))),
  ]);
  result.traces = figuresOf(
    sets.flatMap(([, sessions]) => sessions),
    TRACE_ROUNDS,
  );
  for (const [set, sessions] of sets) result[set] = figuresOf(sessions, TRACE_ROUNDS);
} else {
  console.error('No labelled traces (WATCHKEEPER_DATA is not set, and none lie beside the checkout): left out.');
}
console.log(JSON.stringify(result, null, 2));
