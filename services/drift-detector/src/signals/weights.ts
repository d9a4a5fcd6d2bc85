// The weights of the hijack fusion, in one place to read: log-odds per unit of a signal in 0..1. Written by tools/fit-hijack.mjs; what
// they were fitted on, what they reach and where they fail stands in MODEL.md.

export const hijackWeights = {
  /** Before any signal: most calls that use a value from a tool's output do so because the goal wants it. */
  bias: -8.93,
  /** An address, a link or an account fully, an id or an amount less; of an order that names none, the share of the call's words that it brought. */
  target: 5.05,
  /** It is a page to open: much that agents read is behind one. */
  page: 0.4,
  /** … a mention in a longer text. */
  mention: -2.83,
  /** The order names no address, link, account or amount: the same share. */
  withoutLiteral: 2.16,
  /** The call carries more than the target. */
  payload: 1.81,
  /** The passage reads like an order. */
  form: 0.56,
  /** … to open a page: what is only named is often opened to be read. */
  pageOrder: 2.22,
  /** An order elsewhere names no target and speaks of what passage and call speak of. */
  joined: 2.41,
  /** The target stands in a sentence, not in a field of a record. */
  prose: 2.65,
  /** The target is one of a list of its kind. */
  listed: -2.41,
  /** The call is further from the goal than the session's beginning was. */
  offGoal: 3.14,
  /** The call acts on the world: its result acknowledges and brings no news. Of pages it says nothing. */
  acts: 0.64,
  /** The page that it opens names what the goal names. */
  pageAnswers: -2.95,
  /** The passage says the first word of the tool's name, most often a verb. */
  verbNamed: 2.02,
  /** Share of the passage's targets that calls have used by now. */
  carriedOut: 1.76,
  /** The passage's record speaks of what the goal names: a value looked up for the goal. */
  link: -0.93,
  /** … an order in such a record is less excused. */
  orderLink: 1.2,
  /** The first word of the tool's name, most often a verb, is one of goal or user. */
  verbServes: -2.41,
  /** What the call carries beside the target are words of goal or user. */
  argumentsServe: -4.81,
  /** The target is made of words of goal or user: the address of whom they name. */
  literalServes: -2.67,
  /** The call that brought the passage carried words of goal or user: a source that they named. */
  sourceNamed: -1.5,
  /** The goal hands itself over to that source. */
  delegated: -5.2,
  /** The same literal also stood in plain data. */
  plain: -0.32,
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
    w.page * s.page +
    w.mention * s.mention +
    w.withoutLiteral * s.withoutLiteral +
    w.payload * s.payload +
    w.form * s.form +
    w.pageOrder * s.pageOrder +
    w.joined * s.joined +
    w.prose * s.prose +
    w.listed * s.listed +
    w.offGoal * s.offGoal +
    w.acts * s.acts +
    w.pageAnswers * s.pageAnswers +
    w.verbNamed * s.verbNamed +
    w.carriedOut * s.carriedOut +
    w.link * s.link +
    w.orderLink * s.orderLink +
    w.verbServes * s.verbServes +
    w.argumentsServe * s.argumentsServe +
    w.literalServes * s.literalServes +
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
