// Microseconds of the loop detector per event, and bytes of its state: `node services/loop-detector/bench.mjs` after a build. Made-up sessions
// of about 600 bytes an event, and the labelled traces where they are there (WATCHKEEPER_DATA, else beside the checkout); decoding not included.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { loopDetector } from './dist/index.js';
import { event, words } from './dist/testing/events.js';
import { dataFolder, readTraces } from './dist/testing/traces.js';

const SESSIONS = 400;
const ROUNDS = 15;
const REPEATS = 15;
const TRACE_REPEATS = 5;

/** A session of LLM calls and tool calls; every twentieth loops through three calls with jittered numbers. */
function session(id, stepsOnly) {
  const looping = id % 20 === 0;
  let seq = 1;
  const common = {
    session_id: `session-${id}`,
    agent_id: 'travel-agent',
    input_tokens: 900,
    output_tokens: 120,
    cost_nano_usd: 4_000_000,
  };
  const events = [event(seq++, { ...common, kind: 'SESSION_STARTED', goal: words(id * 1000, 20) })];
  for (let round = 0; round < ROUNDS; round++) {
    const text = looping ? round % 3 : round;
    const seed = id * 1000 + text + 1;
    if (!stepsOnly)
      events.push(
        event(seq++, {
          ...common,
          kind: 'LLM_CALL',
          name: 'model-a',
          input: words(seed, 40),
          output: words(seed + 500, 40),
        }),
      );
    events.push(
      event(seq++, {
        ...common,
        name: ['search_flights', 'read_page', 'query_table'][text % 3],
        input: JSON.stringify({ query: words(seed, 5), page: round, filter: { from: words(seed, 1), limit: 10 } }),
        output: JSON.stringify({ rows: words(seed + 700, 38), total: 38, took: '12 ms', at: '2025-05-01T10:00:00Z' }),
      }),
    );
  }
  return events;
}

/** One run over all sessions, events of different sessions interleaved as a partition brings them. */
function measure(sessions) {
  const detector = loopDetector();
  const states = new Map();
  const length = Math.max(...sessions.map((events) => events.length));
  let events = 0;
  let detections = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < length; i++) {
    for (const own of sessions) {
      const one = own[i];
      if (one === undefined) continue;
      const key = detector.keyOf(one);
      let state = states.get(key);
      if (state === undefined) states.set(key, (state = detector.create(key)));
      detections += detector.onEvent(state, one).length;
      events++;
    }
  }
  const microsPerEvent = ((performance.now() - start) * 1000) / events;
  const { user, system } = process.cpuUsage(cpu);
  return { events, detections, microsPerEvent, cpuMicrosPerEvent: (user + system) / events, states };
}

function figuresOf(sessions, repeats) {
  const all = sessions.flat();
  const chars = all.reduce((sum, one) => sum + one.input.length + one.output.length, 0) / all.length;
  const runs = Array.from({ length: repeats }, () => measure(sessions));
  const sorted = (figure) => runs.map((run) => run[figure]).sort((a, b) => a - b);
  const { events, detections, states } = runs[0];
  const bytes = [...states.values()].map((state) => loopDetector().encode(state).length).sort((a, b) => a - b);
  return {
    sessions: sessions.length,
    events,
    detections,
    contentChars: Math.round(chars),
    microsPerEvent: Number(sorted('microsPerEvent')[repeats >> 1].toFixed(2)),
    fastestRun: Number(sorted('microsPerEvent')[0].toFixed(2)),
    cpuMicrosPerEvent: Number(sorted('cpuMicrosPerEvent')[repeats >> 1].toFixed(2)),
    leastCpuMicros: Number(sorted('cpuMicrosPerEvent')[0].toFixed(2)),
    stateBytes: { median: bytes[bytes.length >> 1], most: bytes.at(-1) },
  };
}

const result = {};
for (const [name, stepsOnly] of [
  ['mixed', false],
  ['stepsOnly', true],
]) {
  const sessions = Array.from({ length: SESSIONS }, (_, id) => session(id + 1, stepsOnly));
  result[name] = figuresOf(sessions, REPEATS);
}
const folder = dataFolder();
if (folder === undefined) {
  console.error('No labelled traces (WATCHKEEPER_DATA is not set, and none lie beside the checkout): left out.');
} else {
  const sets = readdirSync(join(folder, 'traces')).map((set) => [
    set,
    readTraces(folder, set).map(({ label, events }) =>
      events.map((one) => ({ ...one, tenant_id: set, session_id: label.session })),
    ),
  ]);
  result.traces = figuresOf(
    sets.flatMap(([, sessions]) => sessions),
    TRACE_REPEATS,
  );
  for (const [set, sessions] of sets) result[set] = figuresOf(sessions, TRACE_REPEATS);
}
console.log(JSON.stringify(result, null, 2));
