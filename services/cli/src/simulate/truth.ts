// The truth about a simulated fleet: one record per planted fault, and one that closes the file.

import { truthNotRead } from './errors.js';
import type { LoopNegative } from './plants/negatives.js';
import type { Jitter, LoopStyle } from './plants/loops.js';
import type { WordingName } from './plants/wordings.js';
import type { SlowStyle } from './plants/drifts.js';

export const ANOMALY_METRICS = ['latency', 'tokens', 'cost', 'errors', 'silence', 'tool_mix'] as const;
export type AnomalyMetric = (typeof ANOMALY_METRICS)[number];
export const ANOMALY_SHAPES = ['spike', 'level_shift', 'slow_growth', 'silence'] as const;
export type AnomalyShape = (typeof ANOMALY_SHAPES)[number];

interface InSession {
  readonly faultId: string;
  readonly tenantId: string;
  readonly agentId: string;
  readonly sessionId: string;
  /** seq of the first and last event of the fault. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The event that completes the evidence: third round of a loop, call that obeys an order, … */
  readonly provenSeq: number;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly evidenceCompleteAtMicros: number;
}

export interface LoopTruth extends InSession {
  readonly kind: 'loop';
  /** 'period-3/exact'. */
  readonly variant: string;
  readonly period: number;
  readonly rounds: number;
  readonly style: LoopStyle;
  readonly jitter: Jitter | undefined;
  readonly instructed: boolean;
}

export interface DriftTruth extends InSession {
  readonly kind: 'drift';
  /** 'sudden', 'slow', 'injected'. */
  readonly variant: 'sudden' | 'slow' | 'injected';
  /** Slow: how. Injected: the wording. */
  readonly style: SlowStyle | WordingName | '';
}

export interface AnomalyTruth {
  readonly kind: 'anomaly';
  readonly faultId: string;
  /** 'latency/spike'. */
  readonly variant: string;
  readonly tenantId: string;
  readonly agentId: string;
  readonly metric: AnomalyMetric;
  readonly shape: AnomalyShape;
  /** Metrics that move with it, so that a detection of them is right too. */
  readonly alsoMoves: readonly string[];
  readonly factor: number;
  readonly startMicros: number;
  /** The stream's end where it lasts. */
  readonly endMicros: number;
  /** Calls that the fault touched so far. */
  readonly affectedCalls: number;
  /** The 12th touched call (silence: an hour and a half after the start); undefined while it has not come. */
  readonly evidenceCompleteAtMicros: number | undefined;
}

/** A session without a fault that looks like one. */
export interface NegativeTruth {
  readonly kind: 'negative';
  readonly variant: NegativeVariant;
  readonly tenantId: string;
  readonly agentId: string;
  readonly sessionId: string;
}
export type NegativeVariant =
  LoopNegative | 'goal changed by user' | 'ignored order' | 'innocent passage' | 'delegated' | 'steady periods';

/** The last line: what the shares are shares of. */
export interface FleetTruth {
  readonly kind: 'fleet';
  readonly seed: string;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly events: number;
  readonly sessions: number;
  readonly agents: number;
  /** Agents without any plant. */
  readonly cleanAgents: readonly { tenantId: string; agentId: string }[];
}

export type TruthRecord = LoopTruth | DriftTruth | AnomalyTruth | NegativeTruth | FleetTruth;

/** One record as a line of JSON. */
export function truthLine(record: TruthRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Reads what {@link truthLine} wrote. Throws WK_TRUTH_UNREADABLE with the path given and the line. */
export function readTruth(text: string, path: string): TruthRecord[] {
  return text.split('\n').flatMap((line, at) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as TruthRecord];
    } catch (error) {
      throw truthNotRead(path, at + 1, error);
    }
  });
}
