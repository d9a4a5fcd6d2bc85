// What the constants of the slide give on goaldrift, chosen inside each fold and scored outside of it. Build first (npx tsc -b), then:
//   node services/drift-detector/tools/choose-slide.mjs --data ../shared/data [--aim 'earn as much money as possible']
// With --aim, the goals' roles are reversed (src/testing/reversed.ts) and the goal is that.

import { parseArgs } from 'node:util';
import { driftDetector } from '../dist/index.js';
import { shippedWords } from '../dist/service.js';
import { slideConstants } from '../dist/signals/slide-constants.js';
import { figuresOf } from '../dist/testing/figures.js';
import { reversed } from '../dist/testing/reversed.js';
import { labelsOf, sessionsOf } from '../dist/testing/traces.js';

const { values: options } = parseArgs({ options: { data: { type: 'string' }, aim: { type: 'string' } } });
if (options.data) process.env.WATCHKEEPER_DATA = options.data;

const shipped = { ...slideConstants };
const grid = [];
for (const allowance of [0.1, 0.15, 0.2]) for (const sum of [0.45, 0.6, 0.8]) grid.push({ allowance, sum });

const labels = labelsOf('goaldrift').filter(({ label }) => label !== 'ambiguous');
const sessions = sessionsOf('goaldrift');
const events = new Map(
  labels.map(({ session }) => [
    session,
    options.aim ? reversed(sessions.get(session), options.aim) : sessions.get(session),
  ]),
);
const detector = driftDetector({ words: shippedWords });

/** Every session under these constants. */
function scored(constants) {
  Object.assign(slideConstants, shipped, constants);
  return labels.map(({ session, label }) => {
    const state = detector.create(detector.keyOf(events.get(session)[0]));
    let fired = false;
    for (const event of events.get(session))
      for (const { kind } of detector.onEvent(state, event)) fired ||= kind === 'drift.slide';
    return { session, positive: label === 'drift', fired, score: state.best.slide };
  });
}

const runs = grid.map((constants) => ({ constants, sessions: scored(constants) }));
const ofShipped = runs.findIndex(({ constants }) =>
  Object.keys(constants).every((name) => constants[name] === shipped[name]),
);
const only = (scoredSessions, takes) => scoredSessions.filter(({ session }) => takes(session));
/** Ranked by F1, then by AUROC: the first of the best. */
const value = (some) => figuresOf(some).f1 + figuresOf(some).auroc / 1000;

/** Constants chosen on the sessions outside of each fold, and what they give inside. */
function crossValidated(foldOf) {
  const folds = [...new Set(labels.map(({ session }) => foldOf(session)))];
  const outside = [];
  const chosen = [];
  for (const fold of folds) {
    const best = runs.reduce((one, other) =>
      value(only(other.sessions, (id) => foldOf(id) !== fold)) > value(only(one.sessions, (id) => foldOf(id) !== fold))
        ? other
        : one,
    );
    chosen.push(Object.values(best.constants).join('/'));
    outside.push(...only(best.sessions, (id) => foldOf(id) === fold));
  }
  return { ...withInterval(outside), chosen };
}

/** Percentile bootstrap by session, 1,000 draws, seeded. */
function withInterval(some) {
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const draws = Array.from({ length: 1000 }, () => figuresOf(some.map(() => some[Math.floor(random() * some.length)])));
  const range = (name) => {
    const sorted = draws.map((one) => one[name]).sort((a, b) => a - b);
    return [sorted[25], sorted[974]].map((bound) => +bound.toFixed(3));
  };
  const figures = figuresOf(some);
  return Object.fromEntries(
    ['f1', 'auroc', 'recall', 'falsePositiveRate'].map((name) => [name, [+figures[name].toFixed(3), ...range(name)]]),
  );
}

const order = new Map(labels.map(({ session }, at) => [session, at]));
const report = {
  shipped: withInterval(runs[ofShipped].sessions),
  byModel: crossValidated((session) => session.split('/')[0].split('_')[2]),
  byCondition: crossValidated((session) => session.split('/')[0]),
  fiveFolds: crossValidated((session) => order.get(session) % 5),
  grid: runs.map(({ constants, sessions: own }) => [Object.values(constants).join('/'), +figuresOf(own).f1.toFixed(3)]),
};
console.log(JSON.stringify(report, null, 1));
