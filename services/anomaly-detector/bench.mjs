// Microseconds of the anomaly detector per measure, and of the series detector per point: `node services/anomaly-detector/bench.mjs` after a build.

import { performance } from 'node:perf_hooks';
import { SeriesDetector, anomalyDetector } from './dist/index.js';
import { runAgent } from './dist/run.js';
import { END_MICROS, agentMeasures } from './dist/testing.js';

const REPEATS = 9;
const agents = Array.from({ length: 150 }, (_, i) => agentMeasures(i + 1));
const measures = agents.reduce((sum, one) => sum + one.length, 0);
const detector = anomalyDetector();

function report(name, unit, runs) {
  const sorted = runs.sort((a, b) => a - b);
  console.log(
    `${name}: ${sorted[REPEATS >> 1].toFixed(2)} µs per ${unit} (median of ${REPEATS}; ${sorted[0].toFixed(2)} to ${sorted.at(-1).toFixed(2)})`,
  );
}

report(
  'sparse agents',
  'measure',
  Array.from({ length: REPEATS }, () => {
    const begun = performance.now();
    for (const one of agents) runAgent(detector, one, END_MICROS);
    return ((performance.now() - begun) * 1000) / measures;
  }),
);
const { state } = runAgent(detector, agents[0], END_MICROS);
console.log(`state of an agent after 48 h: ${detector.encode(state).length} bytes`);
const points = Array.from({ length: 100_000 }, (_, i) => 50 + 10 * Math.sin(i / 46) + ((i * 7919) % 13) / 5);
report(
  'series',
  'point',
  Array.from({ length: REPEATS }, () => {
    const series = new SeriesDetector();
    const begun = performance.now();
    points.forEach((value, i) => series.update({ timeMicros: i * 300e6, value }));
    return ((performance.now() - begun) * 1000) / points.length;
  }),
);
