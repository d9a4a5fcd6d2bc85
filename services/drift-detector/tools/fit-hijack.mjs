// Fits the weights of the hijack fusion and prints them with their cross-validation. Build first (npx tsc -b), then:
//   node services/drift-detector/tools/fit-hijack.mjs --data ../shared/data [--write]
// Sessions are bags of candidates (multiple-instance logistic regression): of a hijacked session the strongest candidate must fire, of any other none.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Fleet, filling } from '../../cli/dist/simulate/index.js';
import { hash32 } from '../../../schemas/dist/index.js';
import { driftDetector } from '../dist/index.js';
import { hijackWeights } from '../dist/signals/weights.js';
import { innocents } from '../dist/testing/innocents.js';
import { orders } from '../dist/testing/orders.js';
import { scenes } from '../dist/testing/scenes.js';
import { labelsOf, sessionsOf } from '../dist/testing/traces.js';
import { hijacks, ignoredOrders, innocentTwins, randomOf } from '../dist/testing/wordings.js';

const { values: options } = parseArgs({ options: { data: { type: 'string' }, write: { type: 'boolean' } } });
if (options.data) process.env.WATCHKEEPER_DATA = options.data;

/** Which way a signal may point: 1 speaks for a hijack, -1 against, 0 either. What contradicts it is noise of the sample. */
const SIGNS = {
  target: 1,
  page: 0,
  mention: -1,
  withoutLiteral: 0,
  payload: 1,
  form: 1,
  pageOrder: 1,
  joined: 1,
  prose: 1,
  listed: -1,
  offGoal: 1,
  acts: 1,
  pageAnswers: -1,
  verbNamed: 1,
  carriedOut: 1,
  link: -1,
  orderLink: 1,
  verbServes: -1,
  argumentsServe: -1,
  literalServes: -1,
  sourceNamed: -1,
  delegated: -1,
  plain: -1,
};
const NAMES = Object.keys(SIGNS);
/** Weights are drawn to 0, so strongly. A weak pull fits what is here better, and other suites worse. */
const PRIOR = 0.014;
const ROUNDS = 10;
const STEPS = 150;
const FOLDS = 5;
/** A false alarm costs as much as so many misses, per share of its set. */
const ALARM_COST = 4.5;
/** How much a set weighs; within a set hijacked and other sessions weigh alike. */
const SET_WEIGHTS = { own: 2.4, scenes: 2, agentdojo: 2, fleet: 2, tau: 0.2 };
/** Sessions far from firing (log-odds) teach nothing more. */
const SETTLED = -6;

const detector = driftDetector({ onCandidates: (event, candidates) => hear(event, candidates) });
let hear = () => undefined;

/** A session's candidates as vectors; `within` keeps those of the planted steps. `group`, `suite` and `model` are what folds go by. */
function bagOf(events, { set, group, suite, model, positive, within }) {
  const vectors = [];
  hear = (event, candidates) => {
    if (within && (event.seq < within[0] || event.seq > within[1])) return;
    for (const { signals } of candidates) vectors.push(Float64Array.from([1, ...NAMES.map((name) => signals[name])]));
  };
  const state = detector.create('1:t1:s');
  for (const event of events) detector.onEvent(state, event);
  return { set, group, suite, model, positive, vectors };
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

function* sceneBags() {
  for (let seed = 1; seed <= 4; seed++)
    for (const { session, work, hijacked } of scenes(seed))
      yield bagOf(session.events, { set: 'scenes', group: work, positive: hijacked });
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
      suite: labels.get(session).suite,
      model: labels.get(session).model,
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
    const picked = new Map();
    for (const bag of filled) {
      const { x, z } = strongestOf(w, bag);
      if (!bag.positive && z < SETTLED && round > 1) continue;
      const share = (SET_WEIGHTS[bag.set] / totals[`${bag.set} ${bag.positive}`]) * (bag.positive ? 1 : ALARM_COST);
      // Many sessions of our own making are alike: one term stands for all of them.
      const key = `${bag.positive} ${x.join()}`;
      const alike = picked.get(key);
      if (alike) alike.share += share;
      else picked.set(key, { x, y: bag.positive ? 1 : 0, share });
    }
    descend([...picked.values()], w);
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

/** Area by rank sum, ties counting half. */
function areaOf(scored) {
  const ranked = [...scored].sort((a, b) => a.z - b.z);
  let sum = 0;
  let positives = 0;
  for (let from = 0; from < ranked.length;) {
    let to = from;
    while (to < ranked.length && ranked[to].z === ranked[from].z) to++;
    for (let i = from; i < to; i++) if (ranked[i].positive) ((sum += (from + to + 1) / 2), positives++);
    from = to;
  }
  return (sum - (positives * (positives + 1)) / 2) / (positives * (ranked.length - positives));
}

function countsOf(scored) {
  const counts = { hits: 0, positives: 0, alarms: 0, negatives: 0 };
  for (const { positive, z } of scored) {
    counts[positive ? 'positives' : 'negatives']++;
    if (z >= 0) counts[positive ? 'hits' : 'alarms']++;
  }
  return counts;
}
const f1Of = ({ hits, positives, alarms }) => (2 * hits) / Math.max(1, hits + alarms + positives);

/** Percentile bootstrap by session, 400 draws, seeded. */
function intervalsOf(scored) {
  const random = randomOf(1);
  const draws = Array.from({ length: 400 }, () =>
    countsOf(Array.from(scored, () => scored[Math.floor(random() * scored.length)])),
  );
  const between = (of) => {
    const values = draws.map(of).sort((a, b) => a - b);
    return `[${values[10].toFixed(3)}-${values[389].toFixed(3)}]`;
  };
  return {
    f1: between(f1Of),
    recall: between(({ hits, positives }) => hits / Math.max(1, positives)),
    alarms: between(({ alarms, negatives }) => alarms / Math.max(1, negatives)),
  };
}

function report(title, scored) {
  for (const set of new Set(scored.map((one) => one.set))) {
    const some = scored.filter((one) => one.set === set);
    const counts = countsOf(some);
    const { hits, positives, alarms, negatives } = counts;
    const between = intervalsOf(some);
    process.stderr.write(
      `${title}, ${set}: recall ${hits}/${positives} ${(hits / positives).toFixed(3)} ${between.recall}, ` +
        `alarms ${alarms}/${negatives} ${(alarms / negatives).toFixed(4)} ${between.alarms}, ` +
        `F1 ${f1Of(counts).toFixed(3)} ${between.f1}, AUROC ${areaOf(some).toFixed(4)}\n`,
    );
  }
}

const bags = [...ownBags(), ...sceneBags(), ...traceBags(), ...fleetBags()];
const standing = [hijackWeights.bias, ...NAMES.map((name) => hijackWeights[name])];
/** Every fit begins at plain weights, not at those that stand: running the script twice gives the same. */
const start = [-4, 2, ...NAMES.slice(1).map((name) => SIGNS[name])];
const score = (w, some) => some.map((bag) => ({ ...bag, z: strongestOf(w, bag).z }));
report('as it stands', score(standing, bags));

/** Scores each of the parts by a fit on all that is in no part or in another; what `partOf` gives no part is never scored. */
function withheld(title, partOf) {
  const parts = new Set(bags.map(partOf).filter((part) => part !== undefined));
  report(
    title,
    [...parts].flatMap((part) => {
      const w = fit(
        bags.filter((bag) => partOf(bag) !== part),
        start,
      );
      return score(
        w,
        bags.filter((bag) => partOf(bag) === part),
      );
    }),
  );
}

/** Folds of whole groups, dealt in an order that has nothing to do with their names. */
function dealt(groupOf) {
  const groups = [...new Set(bags.map(groupOf))].sort((a, b) => hash32(a) - hash32(b) || (a < b ? -1 : 1));
  const folds = new Map(groups.map((group, at) => [group, at % FOLDS]));
  return (bag) => folds.get(groupOf(bag));
}
const agentdojo = (of) => (bag) => (bag.set === 'agentdojo' ? of(bag) : undefined);

withheld(
  'cross-validated by task, form in a language, work, part of a fleet',
  dealt(({ set, group }) => `${set} ${group}`),
);
withheld('no kind of own session, in whatever language', ({ set, group }) =>
  set === 'own' ? hash32(group.split('/').at(-1)) % FOLDS : undefined,
);
withheld(
  'no suite',
  agentdojo(({ suite }) => suite),
);
withheld('no model', agentdojo(dealt(({ model }) => model ?? '')));
withheld(
  'nothing of agentdojo',
  agentdojo(() => 'all'),
);

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
