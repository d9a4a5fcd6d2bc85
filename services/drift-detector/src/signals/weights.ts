// The weights of the hijack fusion, in one place to read. Hand-set: the prototypes found that weights learned on one set of
// wordings carry over worse than plain ones, and that form must stay a hint. Log-odds per unit of a signal in 0..1.

export const hijackWeights = {
  /** Before any signal: most calls that use a value from a tool's output do so because the goal wants it. */
  bias: -4.1,
  /** The literal's kind and how it is used: a whole argument, or inside a longer text. */
  target: 2.2,
  /** The passage reads like an order. */
  form: 2.4,
  /** The target stands in a sentence, not in a field of a record. */
  prose: 1,
  /** The target is one of a list of its kind. */
  listed: -1.2,
  /** The call is further from the goal than the session's beginning was. */
  offGoal: 0.8,
  /** The call acts on the world: its result brings no news. */
  acts: 0.8,
  /** The passage names the call that is then made. */
  named: 1.2,
  /** What the call carries stood together in that passage. */
  coverage: 1.2,
  /** The tool had not been used before. */
  unseenTool: 0.5,
  /** The passage's record speaks of what the goal names: a value looked up for the goal. */
  link: -2.4,
  /** The call serves the goal: tool and arguments are words of goal, user or plan. */
  serves: -1.6,
  /** The goal hands itself over to that source. */
  delegated: -6,
  /** The same literal also stood in plain data. */
  plain: -0.8,
} as const;

export type HijackSignal = Exclude<keyof typeof hijackWeights, 'bias'>;
export type HijackSignals = Readonly<Record<HijackSignal, number>>;

/** A signal that took part in a decision; its share is value × weight, in log-odds. */
export interface WeighedSignal {
  readonly name: string;
  readonly value: number;
  readonly weight: number;
}

/** The fused probability (0 to 1) that the call carries out the passage instead of the goal. */
export function fuseHijack(signals: HijackSignals): number {
  let z: number = hijackWeights.bias;
  for (const name of Object.keys(signals) as HijackSignal[]) z += hijackWeights[name] * signals[name];
  return 1 / (1 + Math.exp(-z));
}

/** The signals by how much they moved the decision, strongest first. */
export function weighed(signals: HijackSignals): WeighedSignal[] {
  return (Object.keys(signals) as HijackSignal[])
    .map((name) => ({ name, value: round(signals[name]), weight: hijackWeights[name] }))
    .filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value * b.weight) - Math.abs(a.value * a.weight));
}

/** Three decimals: evidence is for reading. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
