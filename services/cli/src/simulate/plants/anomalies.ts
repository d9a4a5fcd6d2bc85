// Planted anomalies: how an agent's latency, tokens, cost, errors or life change over time.

import type { AnomalyMetric, AnomalyShape } from '../truth.js';

export interface AnomalyPlan {
  readonly faultId: string;
  readonly metric: AnomalyMetric;
  readonly shape: AnomalyShape;
  /** Multiplies the metric at full height; for errors: the error rate itself at full height. */
  readonly factor: number;
  readonly startMicros: number;
  /** Infinity where it lasts. */
  readonly endMicros: number;
  /** Slow growth: from start to full height. */
  readonly growthMicros: number;
  /** Tokens: longer answers (true) or only a larger prompt. */
  readonly verbose: boolean;
  /** Tool mix: by tool the one that takes over; the others stay. */
  readonly takenOver?: ReadonlyMap<string, string>;
}

/** What is different at a moment; 1 and undefined are 'as usual'. */
export interface Modifiers {
  latency: number;
  promptTokens: number;
  outputTokens: number;
  cost: number;
  /** Overrides the agent's own. */
  errorRate: number | undefined;
  silent: boolean;
  takenOver: ReadonlyMap<string, string>;
  /** The plants at work. */
  active: readonly AnomalyPlan[];
}

const USUAL: Modifiers = {
  latency: 1,
  promptTokens: 1,
  outputTokens: 1,
  cost: 1,
  errorRate: undefined,
  silent: false,
  takenOver: new Map(),
  active: [],
};

/** 0 before, 1 at full height, between while it grows. */
export function height(plan: AnomalyPlan, micros: number): number {
  if (micros < plan.startMicros || micros >= plan.endMicros) return 0;
  return plan.shape === 'slow_growth' ? Math.min(1, (micros - plan.startMicros) / plan.growthMicros) : 1;
}

/** The modifiers of an agent's plants at a time. */
export function modifiersAt(plans: readonly AnomalyPlan[], micros: number, usualErrorRate: number): Modifiers {
  let modifiers = USUAL;
  for (const plan of plans) {
    const share = height(plan, micros);
    if (share === 0) continue;
    if (modifiers === USUAL) modifiers = { ...USUAL };
    modifiers.active = [...modifiers.active, plan];
    // Growth is geometric: the same share more each hour.
    const factor = plan.factor ** share;
    switch (plan.metric) {
      case 'latency':
        modifiers.latency *= factor;
        break;
      case 'tokens':
        modifiers.promptTokens *= factor;
        if (plan.verbose) modifiers.outputTokens *= factor;
        break;
      case 'cost':
        modifiers.cost *= factor;
        break;
      case 'errors':
        modifiers.errorRate = usualErrorRate + (plan.factor - usualErrorRate) * share;
        break;
      case 'silence':
        modifiers.silent = true;
        break;
      case 'tool_mix':
        modifiers.takenOver = plan.takenOver ?? modifiers.takenOver;
        break;
    }
  }
  return modifiers;
}

/** The plants that a call shows: one of tools taken over in the calls of those tools alone. */
export function shownBy(active: readonly AnomalyPlan[], tool: string): readonly AnomalyPlan[] {
  return active.filter(({ metric, takenOver }) => metric !== 'tool_mix' || takenOver?.has(tool) === true);
}

/** Which other metrics such a plant moves. */
export function alsoMoves(plan: AnomalyPlan): readonly string[] {
  if (plan.metric !== 'tokens') return [];
  return plan.verbose ? ['cost', 'latency'] : ['cost'];
}
