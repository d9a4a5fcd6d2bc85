// A set of sessions of our own making: each is known to be what it is, and belongs to kinds that are counted one by one.

import type { FleetEvent } from '../../simulate/clock.js';
import type { ContentShown } from '../content.js';
import { runMethods } from '../evaluate-set.js';
import { figuresOf, type Figures } from '../figures.js';
import type { Judged } from '../judged.js';
import type { JudgedDetector } from '../judged-detector.js';
import { isOnAfter, outcomeOf, type Outcome } from '../outcome.js';

/** How many of a kind were flagged, by the detector and by each baseline. */
export interface VariantFigures {
  readonly sessions: number;
  readonly positive: boolean;
  readonly flagged: number;
  readonly baselines: Readonly<Record<string, number>>;
}

export interface PlantedFigures extends Figures {
  readonly set: string;
  readonly detector: string;
  readonly version: number;
  readonly content: ContentShown;
  readonly sessions: number;
  readonly positives: number;
  /** By kind, as far as the sessions are of kinds. */
  readonly variants: Readonly<Record<string, VariantFigures>>;
  readonly baselines: Readonly<Record<string, Figures>>;
}

export interface Plant {
  readonly session: string;
  readonly positive: boolean;
  /** It counts to each of these. */
  readonly variants: readonly string[];
  readonly events: readonly FleetEvent[];
  /** The steps that were put into a host, the last not included; undefined where the whole session is made. */
  readonly span: { readonly from: number; readonly to: number } | undefined;
}

/** Runs the detector and its baselines over the sessions, one after the other. */
export async function evaluatePlants(
  set: string,
  plants: readonly Plant[],
  detector: JudgedDetector,
  content: ContentShown,
): Promise<PlantedFigures> {
  const { runs, rules } = await runMethods(detector, content, eventsOf(plants));
  const judgedOf = (outcome: (session: string) => Outcome): Judged[] =>
    plants.map((plant) => judgePlant(plant, outcome(plant.session)));
  const judged = judgedOf((session) => outcomeOf(runs.get(session) ?? { session, score: 0, told: [] }));
  const ruled = rules.map((rule) => [rule.name, judgedOf((session) => rule.outcomeOf(session))] as const);
  return {
    set,
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

function* eventsOf(plants: readonly Plant[]): Generator<FleetEvent> {
  for (const { events } of plants) yield* events;
}

/**
 * In a host, a positive one is flagged where the method said so at any step that was put in; a negative one where it began to say so there,
 * for what its host was flagged for before is not its fault. The delay counts from the first step that was put in.
 */
function judgePlant({ session, positive, span }: Plant, outcome: Outcome): Judged {
  const truth = { session, positive, verdicts: [], driftByPeriod: [] };
  if (span === undefined) return { truth, outcome, delaySteps: undefined, delayPeriods: undefined };
  const { from, to } = span;
  const first = outcome.changes.find(({ step, on }) => on && step >= from && step < to)?.step;
  const firstStep = positive && isOnAfter(outcome, from - 1) ? from : first;
  return {
    truth,
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
