// Runs a detector over the measures of one agent without a log: the watermark follows the windows, timers fire in order.

import type { DetectionDraft, Detector } from '@watchkeeper/schemas';
import type { MeasureInput } from './view.js';

/** Everything found, in order; `at` sees each measure's index before it goes in and may give back another state (a round trip). */
export function runAgent<State>(
  detector: Detector<State, MeasureInput, DetectionDraft>,
  measures: readonly MeasureInput[],
  untilMicros: number,
  at?: (state: State, index: number) => State,
): { found: DetectionDraft[]; state: State } {
  const first = measures[0];
  let state = detector.create(first ? detector.keyOf(first) : '');
  const found: DetectionDraft[] = [];
  const advance = (toMicros: number): void => {
    if ((detector.dueAt(state) ?? Infinity) <= toMicros) found.push(...detector.onTime(state, toMicros));
  };
  measures.forEach((measure, index) => {
    if (at) state = at(state, index);
    advance(measure.window_start);
    found.push(...detector.onEvent(state, measure));
  });
  advance(untilMicros);
  return { found, state };
}
