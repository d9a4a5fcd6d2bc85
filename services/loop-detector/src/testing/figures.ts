// Figures of the detector on labelled traces: sessions found, steps inside loops, false alarms.

import type { DetectionDraft } from '@watchkeeper/schemas';
import { loopDetector } from '../detector.js';
import type { LoopOptions } from '../options.js';
import type { Trace } from './traces.js';

export interface Confusion {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
}

/** What was told while the trace ran, each with the seq at which it was told. */
export function detectionsOf(
  trace: Trace,
  options: Partial<LoopOptions> = {},
): { seq: number; draft: DetectionDraft }[] {
  const detector = loopDetector(options);
  const state = detector.create('1:t1:s');
  return trace.events.flatMap((one) => detector.onEvent(state, one).map((draft) => ({ seq: one.seq, draft })));
}

/** Whether a loop was open once the events up to `step` had passed. */
export function openAfter(told: readonly { seq: number; draft: DetectionDraft }[], step: number): boolean {
  const last = new Map<string, string>();
  for (const { seq, draft } of told) if (seq >> 1 <= step) last.set(draft.detection_id, draft.status);
  return [...last.values()].includes('OPEN');
}

export function confusion(pairs: readonly { truth: boolean; found: boolean }[]): Confusion {
  const counts: Confusion = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const { truth, found } of pairs) counts[truth ? (found ? 'tp' : 'fn') : found ? 'fp' : 'tn']++;
  return counts;
}

/** Precision, recall, F1, MCC and false-positive rate; 0 where undefined. */
export function rates({ tp, fp, fn, tn }: Confusion): {
  precision: number;
  recall: number;
  f1: number;
  mcc: number;
  fpr: number;
} {
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    f1: share(2 * tp, 2 * tp + fp + fn),
    mcc: share(tp * tn - fp * fn, Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))),
    fpr: share(fp, fp + tn),
  };
}
