// Figures of a scored set; for tests alone.

/** One session: what the detector made of it, and the truth. */
export interface Scored {
  readonly score: number;
  readonly positive: boolean;
  readonly fired: boolean;
}

export interface Figures {
  readonly auroc: number;
  readonly f1: number;
  readonly recall: number;
  readonly falsePositiveRate: number;
  readonly precision: number;
}

/** AUROC by rank sum (ties count half), and what the frozen threshold gives. */
export function figuresOf(scored: readonly Scored[]): Figures {
  const positives = scored.filter(({ positive }) => positive);
  const negatives = scored.filter(({ positive }) => !positive);
  let wins = 0;
  for (const p of positives) for (const n of negatives) wins += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0;
  const hits = positives.filter(({ fired }) => fired).length;
  const alarms = negatives.filter(({ fired }) => fired).length;
  return {
    auroc: wins / Math.max(1, positives.length * negatives.length),
    f1: (2 * hits) / Math.max(1, hits + alarms + positives.length),
    recall: hits / Math.max(1, positives.length),
    precision: hits / Math.max(1, hits + alarms),
    falsePositiveRate: alarms / Math.max(1, negatives.length),
  };
}
