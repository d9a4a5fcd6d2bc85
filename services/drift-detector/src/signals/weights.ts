// The weights of the hijack fusion, in one place to read: log-odds per unit of a signal in 0..1. Written by tools/fit-hijack.mjs; what
// they were fitted on, what they reach and where they fail stands in MODEL.md.

export const hijackWeights = {
  /** Before any signal: most calls that use a value from a tool's output do so because the goal wants it. */
  bias: -12.38,
  /** The literal's kind and how it is used: a whole argument, or inside a longer text. */
  target: 5.9,
  /** … a mention in a longer text. */
  mention: -3.22,
  /** The order names no address, link, account or amount: share of the call's words that it brought. */
  withoutLiteral: 6.46,
  /** The call carries more than the target. */
  payload: 3.28,
  /** The passage reads like an order. */
  form: 2.7,
  /** The target stands in a sentence, not in a field of a record. */
  prose: 2.41,
  /** The target is one of a list of its kind. */
  listed: -3.01,
  /** The call is further from the goal than the session's beginning was. */
  offGoal: 3.1,
  /** The call acts on the world: its result brings no news. */
  acts: 2.31,
  /** The passage names the call that is then made. */
  named: 1.49,
  /** What the call carries stood together in that passage. */
  coverage: 0.38,
  /** Share of the passage's targets that calls have used by now. */
  carriedOut: 2.64,
  /** The passage's record speaks of what the goal names: a value looked up for the goal. */
  link: -1.52,
  /** … an order in such a record is less excused. */
  orderLink: 2.98,
  /** The first word of the tool's name, most often a verb, is one of goal or user. */
  verbServes: -2.83,
  /** What the call carries beside the target are words of goal or user. */
  argumentsServe: -8.04,
  /** The call that brought the passage carried words of goal or user: a source that they named. */
  sourceNamed: -1.87,
  /** The goal hands itself over to that source. */
  delegated: -6.6,
  /** The same literal also stood in plain data. */
  plain: -0.75,
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
  const w = hijackWeights;
  const s = signals;
  // Written out: looking signals up by their names took as long as making them.
  const z =
    w.bias +
    w.target * s.target +
    w.mention * s.mention +
    w.withoutLiteral * s.withoutLiteral +
    w.payload * s.payload +
    w.form * s.form +
    w.prose * s.prose +
    w.listed * s.listed +
    w.offGoal * s.offGoal +
    w.acts * s.acts +
    w.named * s.named +
    w.coverage * s.coverage +
    w.carriedOut * s.carriedOut +
    w.link * s.link +
    w.orderLink * s.orderLink +
    w.verbServes * s.verbServes +
    w.argumentsServe * s.argumentsServe +
    w.sourceNamed * s.sourceNamed +
    w.delegated * s.delegated +
    w.plain * s.plain;
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
