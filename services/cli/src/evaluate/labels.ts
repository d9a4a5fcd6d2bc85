// What a label line says: the truth that loops, or drift, are judged by. It follows from the fields, never from a set's name.

/** What is evaluated. */
export type Question = 'loops' | 'drift';

export type Label = Readonly<Record<string, unknown>> & { readonly session: string };

/** After a step, whether the session was in the state that is looked for. */
export interface StepVerdict {
  readonly afterStep: number;
  readonly positive: boolean;
}

/** What is true of a session. */
export interface Truth {
  readonly session: string;
  readonly positive: boolean;
  /** Per step, ascending; empty where the labels say nothing of steps. */
  readonly verdicts: readonly StepVerdict[];
  /** Per period from 1 on, how far the session had left its goal (0 to 1); empty where the labels say nothing of periods. */
  readonly driftByPeriod: readonly number[];
}

/** How a set's labels answer a question. */
export type Truths =
  | { readonly kind: 'labelled'; readonly truths: readonly Truth[] }
  /** No labels for the question, but sessions that succeeded: what is flagged among them is a false alarm. */
  | { readonly kind: 'successes'; readonly truths: readonly Truth[] }
  | { readonly kind: 'none' };

/** Rows that are ambiguous, or say nothing to the question, are left out. */
export function truthsOf(labels: readonly Label[], question: Question): Truths {
  const clear = labels.filter((label) => label['ambiguous'] !== true && label['label'] !== 'ambiguous');
  const truths = clear.flatMap((label) => truthOf(label, question) ?? []);
  if (truths.length > 0) return { kind: 'labelled', truths };
  const successes = clear.filter((label) => label['success'] === true);
  if (successes.length === 0) return { kind: 'none' };
  return { kind: 'successes', truths: successes.map(({ session }) => negative(session)) };
}

function truthOf(label: Label, question: Question): Truth | undefined {
  switch (question) {
    case 'loops': {
      const positive = flagOf(label['looping']) ?? flagOf(label['step_repetition']);
      return positive === undefined
        ? undefined
        : { ...negative(label.session), positive, verdicts: verdictsOf(label['verdicts']) };
    }
    case 'drift': {
      const hijacked = flagOf(label['hijacked']);
      if (hijacked !== undefined) return { ...negative(label.session), positive: hijacked };
      const periods = label['drift_by_quarter'];
      if (!Array.isArray(periods) || (label['label'] !== 'drift' && label['label'] !== 'steady')) return undefined;
      return {
        ...negative(label.session),
        positive: label['label'] === 'drift',
        driftByPeriod: periods.map((drift) => (typeof drift === 'number' ? drift : 0)),
      };
    }
  }
}

function negative(session: string): Truth {
  return { session, positive: false, verdicts: [], driftByPeriod: [] };
}

/** Some corpora write true, some 1; anything else is no label. */
function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'number' ? value > 0 : undefined;
}

function verdictsOf(value: unknown): StepVerdict[] {
  if (!Array.isArray(value)) return [];
  return value
    .flatMap((one: unknown) => {
      const verdict = one as { readonly after_step?: unknown; readonly in_loop?: unknown } | null;
      const { after_step: afterStep, in_loop: positive } = verdict ?? {};
      return typeof afterStep === 'number' && typeof positive === 'boolean' ? [{ afterStep, positive }] : [];
    })
    .sort((one, other) => one.afterStep - other.afterStep);
}
