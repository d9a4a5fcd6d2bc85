// The schedule of a chaos run: pure, so that a seed is a plan.

import { Rng } from '../simulate/world/rng.js';

/** Every kind of fault, with how long it lasts by nature, seconds. */
const KINDS = {
  'kill-role': [0, 0],
  'stop-role': [9, 12],
  'kill-broker': [0, 0],
  'kill-clickhouse': [0, 3],
  'clickhouse-slow': [3, 8],
  'clickhouse-refusing': [3, 8],
  'clickhouse-answer-lost': [3, 6],
  'clickhouse-cut': [3, 6],
  'clickhouse-full': [3, 6],
  'kafka-cut': [1, 4],
  'kafka-delayed': [4, 8],
  poison: [0, 0],
  'clock-jump': [0, 0],
} as const satisfies Record<string, readonly [number, number]>;

export type FaultKind = keyof typeof KINDS;

export const FAULT_KINDS = Object.keys(KINDS) as readonly FaultKind[];

/** One fault to be. */
export interface Fault {
  readonly kind: FaultKind;
  /** Seconds after the start of the load. */
  readonly atSeconds: number;
  readonly holdSeconds: number;
  /** How many of its kind came before: whoever has several targets or variants takes them in turn. */
  readonly turn: number;
}

export interface PlanOptions {
  readonly seed: string;
  /** Faults begin in [fromSeconds, toSeconds). */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** From one fault's beginning to the next one's, on average. */
  readonly spacingSeconds: number;
  readonly kinds: readonly FaultKind[];
}

/** Faults in order of time. Each kind comes once in a round, in another order each time: kinds differ by one at most in number. */
export function planFaults({ seed, fromSeconds, toSeconds, spacingSeconds, kinds }: PlanOptions): Fault[] {
  const rng = new Rng(seed, 'faults');
  const faults: Fault[] = [];
  const turns = new Map<FaultKind, number>();
  let round: FaultKind[] = [];
  for (let slot = 0; ; slot++) {
    // Anywhere in its own slot: some come at once after one another, some find everything at rest.
    const atSeconds = fromSeconds + (slot + rng.unit()) * spacingSeconds;
    if (fromSeconds + (slot + 1) * spacingSeconds > toSeconds + 1e-9) return faults;
    if (round.length === 0) round = rng.shuffled(kinds);
    const kind = round.pop();
    if (kind === undefined) return faults;
    const turn = turns.get(kind) ?? 0;
    turns.set(kind, turn + 1);
    const [least, most] = KINDS[kind];
    faults.push({ kind, atSeconds, holdSeconds: rng.between(least, most), turn });
  }
}
