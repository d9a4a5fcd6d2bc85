// Microseconds per event of the drift detector alone, on made-up sessions of about 600 bytes per event. Build first (npx tsc -b services/drift-detector).
//   node services/drift-detector/bench.mjs

import { driftDetector } from './dist/index.js';

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

const sessions = Array.from({ length: 300 }, (_, i) => session(`s${i}`, 40));
const events = sessions.flat();
const bytes = events.reduce((sum, { input, output, goal }) => sum + input.length + output.length + goal.length, 0);
const rounds = [];
for (let round = 0; round < 12; round++) {
  const detector = driftDetector();
  const states = new Map();
  const before = process.cpuUsage();
  for (let step = 0; step < 40; step++) {
    for (const one of sessions) {
      const event = one[step];
      let state = states.get(event.session_id);
      if (!state) states.set(event.session_id, (state = detector.create(detector.keyOf(event))));
      detector.onEvent(state, event);
    }
  }
  const { user, system } = process.cpuUsage(before);
  rounds.push((user + system) / events.length);
}
rounds.splice(0, 2);
rounds.sort((a, b) => a - b);
const size = events.length / sessions.length;
console.log(
  JSON.stringify({
    usPerEvent: { median: +rounds[rounds.length >> 1].toFixed(2), best: +rounds[0].toFixed(2) },
    contentBytesPerEvent: Math.round(bytes / events.length),
    events: events.length,
    eventsPerSession: size,
  }),
);
