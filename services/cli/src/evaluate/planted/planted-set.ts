// The set 'planted': cycles and innocent twins put into real sessions, judged within the lines that were put in.

import { sessionEnd, traceEvents } from '../../replay/index.js';
import type { FleetEvent } from '../../simulate/clock.js';
import { Rng } from '../../simulate/world/rng.js';
import type { ContentShown } from '../content.js';
import { runMethods, TIMES_END_MS } from '../evaluate-set.js';
import { figuresOf, type Figures } from '../figures.js';
import type { Judged } from '../judged.js';
import type { JudgedDetector } from '../judged-detector.js';
import { isOnAfter, outcomeOf, type Outcome } from '../outcome.js';
import { disguises, plantCycle, type Planted } from './cycles.js';
import { plantTwin, twins } from './innocents.js';
import { readMaterial, type Lines, type Material } from './material.js';

/** The set's name. */
export const PLANTED = 'planted';
const LONGEST_PERIOD = 8;
const CYCLES_EACH = 12;
const TWINS_EACH = 50;
const TRIES = 4_000;
const STEP_MICROS = 5_000_000;

/** How many of a kind were flagged, by the detector and by each baseline. */
export interface VariantFigures {
  readonly sessions: number;
  readonly positive: boolean;
  readonly flagged: number;
  readonly baselines: Readonly<Record<string, number>>;
}

export interface PlantedFigures extends Figures {
  readonly set: typeof PLANTED;
  readonly detector: string;
  readonly version: number;
  readonly content: ContentShown;
  readonly sessions: number;
  readonly positives: number;
  /** Disguises and periods of cycles, and the innocent twins. */
  readonly variants: Readonly<Record<string, VariantFigures>>;
  readonly baselines: Readonly<Record<string, Figures>>;
}

interface Plant extends Planted {
  readonly session: string;
  readonly positive: boolean;
  /** A plant counts to each of these. */
  readonly variants: readonly string[];
}

/** undefined where the folder holds no session to plant into. Throws the errors of reading traces and labels. */
export async function evaluatePlanted(
  tracesFolder: string,
  detector: JudgedDetector,
  content: ContentShown,
  seed: string | number = 1,
): Promise<PlantedFigures | undefined> {
  const material = await readMaterial(tracesFolder);
  if (material.hosts.length === 0 || material.clean.length === 0) return undefined;
  const rng = new Rng(seed, PLANTED);
  const plants = [...cyclesIn(material, rng), ...twinsIn(material, rng)];
  const { runs, rules } = await runMethods(detector, content, eventsOf(plants));
  const judgedOf = (outcome: (session: string) => Outcome): Judged[] =>
    plants.map((plant) => judgeWithin(plant, outcome(plant.session)));
  const judged = judgedOf((session) => outcomeOf(runs.get(session) ?? { session, score: 0, told: [] }));
  const ruled = rules.map((rule) => [rule.name, judgedOf((session) => rule.outcomeOf(session))] as const);
  return {
    set: PLANTED,
    detector: detector.id,
    version: detector.version,
    content,
    sessions: plants.length,
    positives: plants.filter(({ positive }) => positive).length,
    ...figuresOf(judged),
    variants: variantsOf(plants, judged, ruled),
    baselines: Object.fromEntries(ruled.map(([name, own]) => [name, figuresOf(own)])),
  };
}

function* cyclesIn({ hosts, chatter }: Material, rng: Rng): Generator<Plant> {
  for (const disguise of disguises)
    for (let period = 1; period <= LONGEST_PERIOD; period++)
      for (const planted of several(CYCLES_EACH, () =>
        plantCycle(rng.pick(rng.pick(hosts)), period, disguise, chatter, rng),
      ))
        yield {
          ...planted,
          session: `${disguise} ${period} ${planted.number}`,
          positive: true,
          variants: [disguise, `period ${period}`],
        };
}

function* twinsIn(material: Material, rng: Rng): Generator<Plant> {
  for (const twin of twins)
    for (const planted of several(TWINS_EACH, () => plantTwin(rng.pick(rng.pick(material.clean)), twin, material, rng)))
      yield { ...planted, session: `${twin} ${planted.number}`, positive: false, variants: [twin] };
}

/** Tries until `count` plants are made, or it has tried enough. */
function* several(count: number, plant: () => Planted | undefined): Generator<Planted & { readonly number: number }> {
  let number = 0;
  for (let tries = 0; tries < TRIES && number < count; tries++) {
    const planted = plant();
    if (planted !== undefined) yield { ...planted, number: number++ };
  }
}

function* eventsOf(plants: readonly Plant[]): Generator<FleetEvent> {
  let micros = TIMES_END_MS * 1000;
  for (const { session, lines } of plants) {
    yield* plantedEvents(session, lines, micros);
    micros += (lines.length + 1) * STEP_MICROS;
  }
}

/** Steps are numbered anew: what was put in has moved those behind it. */
function* plantedEvents(session: string, lines: Lines, startMicros: number): Generator<FleetEvent> {
  for (const [step, line] of lines.entries()) {
    const micros = startMicros + step * STEP_MICROS;
    yield* traceEvents(PLANTED, PLANTED, { ...line, session, step }, micros, micros - STEP_MICROS / 2);
  }
  yield sessionEnd(PLANTED, PLANTED, session, lines.length - 1, startMicros + lines.length * STEP_MICROS);
}

/**
 * A cycle is flagged where the method said so at any step that was put in; a twin where it began to say so there, for what its host was
 * flagged for before is not the twin's fault. The delay counts from the first step that was put in.
 */
function judgeWithin({ session, positive, from, to }: Plant, outcome: Outcome): Judged {
  const first = outcome.changes.find(({ step, on }) => on && step >= from && step < to)?.step;
  const firstStep = positive && isOnAfter(outcome, from - 1) ? from : first;
  return {
    truth: { session, positive, verdicts: [], driftByPeriod: [] },
    outcome: { ...outcome, flagged: firstStep !== undefined, firstStep },
    delaySteps: positive && firstStep !== undefined ? firstStep - from : undefined,
    delayPeriods: undefined,
  };
}

function variantsOf(
  plants: readonly Plant[],
  judged: readonly Judged[],
  ruled: readonly (readonly [string, readonly Judged[]])[],
): Record<string, VariantFigures> {
  const variants = [...new Set(plants.flatMap((plant) => plant.variants))];
  return Object.fromEntries(
    variants.map((variant) => {
      const own = plants.flatMap((plant, i) => (plant.variants.includes(variant) ? [i] : []));
      const flagged = (by: readonly Judged[]): number => own.filter((i) => by[i]?.outcome.flagged === true).length;
      return [
        variant,
        {
          sessions: own.length,
          positive: own.some((i) => plants[i]?.positive === true),
          flagged: flagged(judged),
          baselines: Object.fromEntries(ruled.map(([name, by]) => [name, flagged(by)])),
        },
      ];
    }),
  );
}
