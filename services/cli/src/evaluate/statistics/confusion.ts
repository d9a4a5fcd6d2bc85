// Counts of right and wrong decisions, and the rates that follow from them.

/** Decisions by truth; counts may be weights. */
export interface Confusion {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
}

/** null where a rate has no denominator: recall without positives, precision where nothing was flagged. */
export interface Rates {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly mcc: number | null;
  readonly fpr: number | null;
}

export function noDecisions(): Confusion {
  return { tp: 0, fp: 0, fn: 0, tn: 0 };
}

/** Adds a decision, `weight` times. */
export function count(to: Confusion, truth: boolean, flagged: boolean, weight = 1): void {
  if (truth) to[flagged ? 'tp' : 'fn'] += weight;
  else to[flagged ? 'fp' : 'tn'] += weight;
}

/** `f1` is 2·tp / (2·tp + fp + fn), so 0 where positives are missed altogether. */
export function ratesOf({ tp, fp, fn, tn }: Confusion): Rates {
  return {
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    f1: tp + fn === 0 ? null : share(2 * tp, 2 * tp + fp + fn),
    mcc: matthews(tp, fp, fn, tn),
    fpr: share(fp, fp + tn),
  };
}

/**
 * Matthews' correlation coefficient; 0 where everything or nothing is flagged (Chicco & Jurman 2020), null where the truth has one class
 * alone, for then nothing can correlate.
 */
function matthews(tp: number, fp: number, fn: number, tn: number): number | null {
  if (tp + fn === 0 || fp + tn === 0) return null;
  const product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return product === 0 ? 0 : (tp * tn - fp * fn) / Math.sqrt(product);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
