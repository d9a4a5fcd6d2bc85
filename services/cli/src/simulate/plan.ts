// What is to be planted, and what the planning of it works with.

import type { SessionPlan } from './session-script.js';

/** How many of each fault to plant; 0 plants none. */
export interface PlantCounts {
  /** Of each period (1–6) and style (exact, jittered). */
  readonly loopsEach: number;
  /** Sudden, and of each style of slow; injected ones get as many per two wordings. */
  readonly driftsEach: number;
  /** Of each metric and shape, and of silence. */
  readonly anomaliesEach: number;
}

export interface PlannedSession {
  readonly agentIndex: number;
  readonly startMicros: number;
  readonly plan: SessionPlan | undefined;
}

export interface ScheduleOptions {
  readonly seed: string | number;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly counts: PlantCounts;
  /** Share of agents that no plant touches. */
  readonly cleanShare: number;
  /** Part of the span that is free of anomalies, from the start. */
  readonly quietShare: number;
}
