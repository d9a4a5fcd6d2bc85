// How well scores rank positives above negatives: areas and curves, with ties taken together.

/** A score, and whether it should be high. */
export interface Scored {
  readonly score: number;
  readonly positive: boolean;
}

/** A point per distinct score, from the highest down: what is flagged from that score on. */
export interface CurvePoint {
  readonly threshold: number;
  readonly recall: number;
  readonly precision: number;
  readonly fpr: number;
}

export interface Areas {
  /** Chance that a positive ranks above a negative, ties half (Mann-Whitney U); null where one class is absent. */
  readonly auroc: number | null;
  /** Average precision: precision at each step of recall, no interpolation; null without positives. */
  readonly auprc: number | null;
}

/** Items in the order of their scores, sorted once so that each resample costs one pass. */
export class Ranking {
  readonly #items: readonly Scored[];
  readonly #order: Uint32Array;

  constructor(items: readonly Scored[]) {
    this.#items = items;
    this.#order = Uint32Array.from(items.keys()).sort((a, b) => this.#scoreAt(b) - this.#scoreAt(a));
  }

  /** Areas where item `i` counts `weights[i]` times; once each without weights. */
  areas(weights?: ArrayLike<number>): Areas {
    let wins = 0;
    let precisions = 0;
    let tp = 0;
    let fp = 0;
    for (const group of this.#groups(weights)) {
      // Negatives of later groups lose to these positives; those of the same group tie with them.
      wins += group.negatives * (tp + group.positives / 2);
      tp += group.positives;
      fp += group.negatives;
      if (group.positives > 0) precisions += group.positives * (tp / (tp + fp));
    }
    return {
      auroc: tp === 0 || fp === 0 ? null : wins / (tp * fp),
      auprc: tp === 0 ? null : precisions / tp,
    };
  }

  /** Empty where one class is absent. */
  curve(): CurvePoint[] {
    const positives = this.#items.filter(({ positive }) => positive).length;
    const negatives = this.#items.length - positives;
    if (positives === 0 || negatives === 0) return [];
    const points: CurvePoint[] = [];
    let tp = 0;
    let fp = 0;
    for (const group of this.#groups()) {
      tp += group.positives;
      fp += group.negatives;
      points.push({
        threshold: group.score,
        recall: tp / positives,
        precision: tp / (tp + fp),
        fpr: fp / negatives,
      });
    }
    return points;
  }

  *#groups(weights?: ArrayLike<number>): Generator<{ score: number; positives: number; negatives: number }> {
    const order = this.#order;
    for (let at = 0; at < order.length;) {
      const score = this.#scoreAt(order[at] ?? 0);
      let positives = 0;
      let negatives = 0;
      for (; at < order.length && this.#scoreAt(order[at] ?? 0) === score; at++) {
        const index = order[at] ?? 0;
        const weight = weights?.[index] ?? 1;
        if (this.#items[index]?.positive === true) positives += weight;
        else negatives += weight;
      }
      yield { score, positives, negatives };
    }
  }

  #scoreAt(index: number): number {
    return this.#items[index]?.score ?? 0;
  }
}
