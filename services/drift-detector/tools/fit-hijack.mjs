// Fits the weights of the hijack fusion and prints them with their cross-validation. Build first (npx tsc -b), then:
//   node services/drift-detector/tools/fit-hijack.mjs --data ../shared/data [--write]
// Sessions are bags of candidates (multiple-instance logistic regression): of a hijacked session the strongest candidate must fire, of any other none.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Fleet, filling } from '../../cli/dist/simulate/index.js';
import { driftDetector } from '../dist/index.js';
import { hijackWeights } from '../dist/signals/weights.js';
import { innocents } from '../dist/testing/innocents.js';
import { orders } from '../dist/testing/orders.js';
import { labelsOf, sessionsOf } from '../dist/testing/traces.js';
import { hijacks, ignoredOrders, innocentTwins } from '../dist/testing/wordings.js';

const { values: options } = parseArgs({ options: { data: { type: 'string' }, write: { type: 'boolean' } } });
if (options.data) process.env.WATCHKEEPER_DATA = options.data;

/** Which way a signal may point: 1 speaks for a hijack, -1 against, 0 either. What contradicts it is noise of the sample. */
const SIGNS = {
  target: 1,
  mention: -1,
  withoutLiteral: 0,
  payload: 1,
  form: 1,
  prose: 1,
  listed: -1,
  offGoal: 1,
  acts: 1,
  named: 1,
  coverage: 1,
  carriedOut: 1,
  link: -1,
  orderLink: 1,
  verbServes: -1,
  argumentsServe: -1,
  sourceNamed: -1,
  delegated: -1,
  plain: -1,
};
const NAMES = Object.keys(SIGNS);
/** Weights are drawn to the middle of their range: as strong as so many sessions. */
const PRIOR = 0.004;
const ROUNDS = 10;
const STEPS = 150;
const FOLDS = 5;
/** A false alarm costs as much as so many misses, per share of its set. */
const ALARM_COST = 4.5;
/** How much a set weighs; within a set hijacked and other sessions weigh alike. */
const SET_WEIGHTS = { own: 1.6, agentdojo: 2, fleet: 2, tau: 0.2 };
/** Sessions far from firing (log-odds) teach nothing more. */
const SETTLED = -6;

const detector = driftDetector({ onCandidates: (event, candidates) => hear(event, candidates) });
let hear = () => undefined;

/** A session's candidates as vectors; `within` keeps those of the planted steps. */
function bagOf(events, { set, group, positive, within }) {
  const vectors = [];
  hear = (event, candidates) => {
    if (within && (event.seq < within[0] || event.seq > within[1])) return;
    for (const { signals } of candidates) vectors.push(Float64Array.from([1, ...NAMES.map((name) => signals[name])]));
  };
  const state = detector.create('1:t1:s');
  for (const event of events) detector.onEvent(state, event);
  return { set, group, positive, vectors };
}

function* ownBags() {
  for (let seed = 1; seed <= 6; seed++) {
    for (const [positive, made] of [
      [true, orders(seed, true)],
      [false, orders(seed, false)],
      [false, innocents(seed)],
      [true, hijacks(seed)],
      [false, ignoredOrders(seed)],
      [false, innocentTwins(seed)],
    ])
      for (const { name, session } of made)
        yield bagOf(session.events, {
          set: 'own',
          group: name.split('/').slice(0, 2).join('/').split(':')[0],
          positive,
        });
  }
}

function* traceBags() {
  const labels = new Map(
    labelsOf('agentdojo')
      .filter((label) => label.ambiguous !== true)
      .map((label) => [label.session, label]),
  );
  for (const [session, events] of sessionsOf('agentdojo', (one) => labels.has(one)))
    yield bagOf(events, {
      set: 'agentdojo',
      group: session.split('/').slice(-3, -1).join('/'),
      positive: labels.get(session).hijacked === true,
    });
  for (const [session, events] of sessionsOf('tau'))
    yield bagOf(events, { set: 'tau', group: session, positive: false });
}

function* fleetBags() {
  for (const seed of ['fit-1', 'fit-2']) {
    const fleet = new Fleet(filling({ seed, events: 80_000, faultyShare: 0.2, endMicros: 1_780_000_000_000_000 }));
    const sessions = new Map();
    for (const event of fleet.events()) {
      let events = sessions.get(event.session_id);
      if (!events) sessions.set(event.session_id, (events = []));
      events.push({ ...event, content_level: 'FULL', input_sketch: Buffer.alloc(0), output_sketch: Buffer.alloc(0) });
    }
    const drifts = new Map();
    for (const one of fleet.truth()) if (one.kind === 'drift') drifts.set(one.sessionId, one);
    for (const [session, events] of sessions) {
      const drift = drifts.get(session);
      if (drift && drift.variant !== 'injected') continue;
      yield bagOf(events, {
        set: 'fleet',
        group: seed + session.at(-1),
        positive: drift !== undefined,
        within: drift && [drift.firstSeq, drift.lastSeq],
      });
    }
  }
}

const dot = (w, x) => {
  let z = 0;
  for (let i = 0; i < x.length; i++) z += w[i] * x[i];
  return z;
};

function strongestOf(w, { vectors }) {
  let top;
  let most = -Infinity;
  for (const x of vectors) {
    const z = dot(w, x);
    if (z > most) [top, most] = [x, z];
  }
  return { x: top, z: most };
}

/** Alternates between picking each bag's strongest candidate and fitting the picked ones (the scheme of MI-SVM, Andrews et al. 2002). */
function fit(bags, start) {
  const filled = bags.filter(({ vectors }) => vectors.length > 0);
  const totals = {};
  for (const { set, positive } of filled) totals[`${set} ${positive}`] = (totals[`${set} ${positive}`] ?? 0) + 1;
  const w = Float64Array.from(start);
  for (let round = 0; round < ROUNDS; round++) {
    const picked = [];
    for (const bag of filled) {
      const { x, z } = strongestOf(w, bag);
      if (!bag.positive && z < SETTLED && round > 1) continue;
      const share = SET_WEIGHTS[bag.set] / totals[`${bag.set} ${bag.positive}`];
      picked.push({ x, y: bag.positive ? 1 : 0, share: share * (bag.positive ? 1 : ALARM_COST) });
    }
    descend(picked, w);
  }
  return w;
}

/** Projected gradient with momentum, in place; the signs hold. */
function descend(picked, w) {
  const speed = new Float64Array(w.length);
  const slope = new Float64Array(w.length);
  for (let step = 0; step < STEPS; step++) {
    slope.fill(0);
    for (const { x, y, share } of picked) {
      const error = (1 / (1 + Math.exp(-dot(w, x))) - y) * share;
      for (let i = 0; i < x.length; i++) slope[i] += error * x[i];
    }
    for (let i = 0; i < w.length; i++) {
      if (i > 0) slope[i] += PRIOR * w[i];
      speed[i] = 0.9 * speed[i] - 0.2 * slope[i];
      w[i] += speed[i];
      const sign = i === 0 ? 0 : SIGNS[NAMES[i - 1]];
      if (sign !== 0 && w[i] * sign < 0) w[i] = speed[i] = 0;
    }
  }
}

function report(title, scored) {
  for (const set of [...new Set(scored.map((one) => one.set))]) {
    const [pos, neg] = [true, false].map((positive) =>
      scored.filter((one) => one.set === set && one.positive === positive).map(({ z }) => z),
    );
    let wins = 0;
    for (const p of pos) for (const n of neg) wins += p > n ? 1 : p === n ? 0.5 : 0;
    const [hits, alarms] = [pos.filter((z) => z >= 0).length, neg.filter((z) => z >= 0).length];
    const f1 = (2 * hits) / Math.max(1, hits + alarms + pos.length);
    process.stderr.write(
      `${title} ${set}: recall ${hits}/${pos.length} ${(hits / pos.length).toFixed(3)}, alarms ${alarms}/${neg.length} ${(alarms / neg.length).toFixed(4)}, F1 ${f1.toFixed(3)}, AUROC ${(wins / pos.length / neg.length).toFixed(4)}\n`,
    );
  }
}

const bags = [...ownBags(), ...traceBags(), ...fleetBags()];
const standing = [hijackWeights.bias, ...NAMES.map((name) => hijackWeights[name])];
/** Every fit begins at plain weights, not at those that stand: running the script twice gives the same. */
const start = [-4, 2, ...NAMES.slice(1).map((name) => SIGNS[name])];
const score = (w, some) => some.map((bag) => ({ ...bag, z: strongestOf(w, bag).z }));
report('as it stands', score(standing, bags));

// Folds by task (agentdojo), form and language (own), and part of the fleet: no task is in both halves.
const groups = [...new Set(bags.map(({ set, group }) => `${set} ${group}`))].sort();
const foldOf = new Map(groups.map((group, at) => [group, at % FOLDS]));
const fold = ({ set, group }) => foldOf.get(`${set} ${group}`);
const held = [];
for (let k = 0; k < FOLDS; k++) {
  const w = fit(
    bags.filter((bag) => fold(bag) !== k),
    start,
  );
  held.push(
    ...score(
      w,
      bags.filter((bag) => fold(bag) === k),
    ),
  );
}
report('cross-validated', held);

const w = fit(bags, start);
report('fitted', score(w, bags));
const fitted = { bias: w[0], ...Object.fromEntries(NAMES.map((name, i) => [name, w[i + 1]])) };
for (const name of Object.keys(fitted)) fitted[name] = Math.round(fitted[name] * 100) / 100;
process.stdout.write(`${JSON.stringify(fitted)}\n`);
if (options.write) {
  const path = fileURLToPath(new URL('../src/signals/weights.ts', import.meta.url));
  const written = readFileSync(path, 'utf8').replace(/^  (\w+): -?[\d.]+,$/gmu, (line, name) =>
    name in fitted ? `  ${name}: ${fitted[name]},` : line,
  );
  writeFileSync(path, written);
}
