// Microseconds of CPU of the meter per event: `node services/meter/bench.mjs` after a build; a second build's folder as argument is measured in turn with it. Dense: 20 agents at 5,000 events/s; sparse: 200 at 31 an hour.

import { resolve } from 'node:path';
import { meter } from './dist/index.js';
import { meterInput } from './dist/testing.js';

const REPEATS = 9;
const START = 1_772_409_600_000_000;
const WINDOW = 10_000_000;
const KINDS = ['LLM_CALL', 'TOOL_CALL', 'MESSAGE', 'LLM_CALL', 'TOOL_CALL'];

function stream(count, agents, perSecond) {
  return Array.from({ length: count }, (_, i) => {
    const burst = Math.floor(i / 20);
    return meterInput(START + Math.floor((i / perSecond) * 1e6), {
      agent_id: `agent-${burst % agents}`,
      session_id: `session-${burst}`,
      seq: i % 20,
      kind: i % 20 === 19 ? 'SESSION_ENDED' : KINDS[i % 5],
      name: `tool-${i % 7}`,
      duration_ms: 200 + ((i * 7919) % 4000),
      input_tokens: 500 + ((i * 104729) % 9000),
    });
  });
}

/** The engine's part is left out: a map of states, and of what is due by window. */
function run(inputs, make) {
  const detector = make();
  const states = new Map();
  const due = new Map();
  const plan = (state) => {
    const at = detector.dueAt(state);
    if (at === undefined) return;
    const window = Math.ceil(at / WINDOW);
    if (state.plannedFor <= window) return;
    state.plannedFor = window;
    const those = due.get(window);
    if (those) those.push(state);
    else due.set(window, [state]);
  };
  let swept = Math.floor(START / WINDOW) - 10;
  let measures = 0;
  const begun = process.cpuUsage();
  for (const input of inputs) {
    const key = detector.keyOf(input);
    let state = states.get(key);
    if (!state) states.set(key, (state = Object.assign(detector.create(key), { plannedFor: Infinity })));
    detector.onEvent(state, input);
    plan(state);
    const watermark = input.timeMicros - 10e6;
    for (; (swept + 1) * WINDOW <= watermark; swept++) {
      for (const one of due.get(swept + 1) ?? []) {
        one.plannedFor = Infinity;
        measures += detector.onTime(one, (swept + 1) * WINDOW).length;
        plan(one);
      }
      due.delete(swept + 1);
    }
  }
  const { user, system } = process.cpuUsage(begun);
  return { micros: (user + system) / inputs.length, measures };
}

const other = process.argv[2];
const builds = { 'this build': meter };
if (other !== undefined) builds[other] = (await import(resolve(other, 'index.js'))).meter;
for (const [name, inputs] of [
  ['dense', stream(300_000, 20, 5_000)],
  ['sparse', stream(100_000, 200, (200 * 31) / 3600)],
]) {
  const runs = Object.fromEntries(Object.keys(builds).map((build) => [build, []]));
  for (let repeat = 0; repeat < REPEATS; repeat++)
    for (const [build, make] of Object.entries(builds)) runs[build].push(run(inputs, make));
  for (const [build, of] of Object.entries(runs)) {
    const sorted = of.map(({ micros }) => micros).sort((a, b) => a - b);
    console.log(
      `${name}, ${build}: ${sorted[REPEATS >> 1].toFixed(2)} µs of CPU per event (median of ${REPEATS}; ${sorted[0].toFixed(2)} to ${sorted.at(-1).toFixed(2)}), ${of[0].measures} measures of ${inputs.length} events`,
    );
  }
}
