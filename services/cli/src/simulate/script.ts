// A script is the course of one session, step by step, before it has times, tokens or costs.

import type { Call } from './world/task.js';

/** Where a planted fault begins, is proven, and ends; makes no event. */
export type FaultMark = 'begins' | 'proven' | 'ends';

export type Step =
  | { kind: 'message'; actor: 'USER' | 'AGENT'; text: string }
  | { kind: 'goal'; goal: string }
  | { kind: 'plan'; text: string; revision: number }
  | { kind: 'think'; text: string }
  | { kind: 'reasoning'; text: string }
  | { kind: 'memory'; name: string; input: string; output: string }
  | { kind: 'judgement'; event: 'GUARDRAIL' | 'EVALUATION' | 'FEEDBACK'; name: string; score: number; label: string }
  /** `mayFail`: the agent's error rate applies. A `failure` is part of the script. */
  | { kind: 'call'; call: Call; mayFail: boolean; failure?: Failure }
  | { kind: 'wait'; seconds: number }
  | { kind: 'mark'; mark: FaultMark }
  | { kind: 'ended'; status: 'OK' | 'ERROR' | 'TIMEOUT' | 'CANCELLED' };

export interface Failure {
  readonly type: string;
  readonly message: string;
  readonly status: 'ERROR' | 'TIMEOUT';
}

/** The script is told whether the step it yielded failed, and goes on accordingly. */
export interface StepOutcome {
  readonly failed: boolean;
}

export type Script = Generator<Step, void, StepOutcome>;
