// Microseconds of the meter per event: `node services/meter/bench.mjs` after a build. Dense: 20 agents at 5,000 events/s; sparse: 200 at 31 an hour.

import { performance } from 'node:perf_hooks';
import { meter } from './dist/index.js';
import { meterInput } from './dist/testing.js';

const REPEATS = 9;
const START = 1_772_409_600_000_000;
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

/** The engine's part is left out: one map of states, timers by the window. */
function run(inputs) {
  const detector = meter();
  const states = new Map();
  let watermark = -Infinity;
  let swept = 0;
  let measures = 0;
  const begun = performance.now();
  for (const input of inputs) {
    const key = detector.keyOf(input);
    let state = states.get(key);
    if (!state) states.set(key, (state = detector.create(key)));
    detector.onEvent(state, input);
    watermark = input.timeMicros - 10e6;
    if (watermark - swept < 10e6) continue;
    swept = watermark;
    for (const one of states.values())
      if ((detector.dueAt(one) ?? Infinity) <= watermark) measures += detector.onTime(one, watermark).length;
  }
  return { micros: ((performance.now() - begun) * 1000) / inputs.length, measures };
}

for (const [name, inputs] of [
  ['dense', stream(300_000, 20, 5_000)],
  ['sparse', stream(100_000, 200, (200 * 31) / 3600)],
]) {
  const runs = Array.from({ length: REPEATS }, () => run(inputs));
  const sorted = runs.map(({ micros }) => micros).sort((a, b) => a - b);
  console.log(
    `${name}: ${sorted[REPEATS >> 1].toFixed(2)} µs per event (median of ${REPEATS}; ${sorted[0].toFixed(2)} to ${sorted.at(-1).toFixed(2)}), ${runs[0].measures} measures of ${inputs.length} events`,
  );
}
