// What a run to an end has shown, as one JSON object.

import type { KindScore, Score } from '../simulate/index.js';
import type { LatencySummary } from './latency.js';

interface TruthLine {
  readonly planted: number;
  readonly found: number;
  /** Clean sessions (loop, drift) or clean agents (anomaly) with a detection, … */
  readonly falseAlarms: number;
  /** … of so many. */
  readonly clean: number;
  readonly byVariant: Readonly<Record<string, { planted: number; found: number }>>;
}

/** The result of `npm start -- --once --json`. */
export interface OnceSummary {
  readonly events: number;
  readonly landed: number;
  readonly sessions: number;
  readonly detections: { readonly loop: number; readonly drift: number; readonly anomaly: number };
  readonly ledger: { readonly gaps: number; readonly duplicates: number };
  readonly truth: { readonly loop: TruthLine; readonly drift: TruthLine; readonly anomaly: TruthLine };
  /** Milliseconds from the append of the last evidence to the first SELECT that sees the detection. */
  readonly latencyMs: {
    readonly loop: LatencySummary;
    readonly drift: LatencySummary;
    readonly anomaly: LatencySummary;
  };
  /** Events from the first one sent until the last one was landed and judged. */
  readonly eventsPerSecond: number;
  readonly seed: string;
  readonly database: string;
}

export function truthLines(score: Score): OnceSummary['truth'] {
  return { loop: truthLineOf(score.loop), drift: truthLineOf(score.drift), anomaly: truthLineOf(score.anomaly) };
}

function truthLineOf({ planted, found, falseAlarms, clean, byVariant }: KindScore): TruthLine {
  return { planted, found, falseAlarms, clean, byVariant };
}

/** The same for a person: a few aligned lines. */
export function summaryText(summary: OnceSummary): string {
  const { truth, latencyMs } = summary;
  const lines = (['loop', 'drift', 'anomaly'] as const).map((kind) => {
    const { planted, found, falseAlarms, clean } = truth[kind];
    const { p50, p99 } = latencyMs[kind];
    const what = kind === 'anomaly' ? 'agents' : 'sessions';
    return `  ${kind.padEnd(8)} ${found} of ${planted} found, ${falseAlarms} false alarms on ${clean} clean ${what}, readable after ${p50} ms (p50), ${p99} ms (p99)`;
  });
  const { gaps, duplicates } = summary.ledger;
  return [
    `${summary.events} events of ${summary.sessions} sessions, ${summary.landed} landed, ${summary.eventsPerSecond} events/s; ledger: ${gaps} gaps, ${duplicates} duplicates`,
    ...lines,
    '',
  ].join('\n');
}
