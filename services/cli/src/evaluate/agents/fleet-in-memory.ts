// A simulated fleet judged in memory: one meter sees all of it, and the anomaly detector behind it, up to a moment of event time.

import { anomalyEngine, anomalyInput, type MeasureInput } from '@watchkeeper/anomaly-detector';
import { closedUntil, markOf, meterEngine, meterInput, type MeasureDraft } from '@watchkeeper/meter';
import { KeyedEngine } from '@watchkeeper/runtime';
import type { DetectionDraft } from '@watchkeeper/schemas';
import { Fleet, type FleetOptions, type TruthRecord } from '../../simulate/index.js';

const WINDOW_MICROS = 10_000_000;

export interface FleetRun {
  readonly truth: readonly TruthRecord[];
  /** Every revision, in order. */
  readonly drafts: readonly DetectionDraft[];
}

/** All that is told by the time at which every window up to `untilMicros` is closed. The order of adding changes no sum: one source partition stands for all. */
export function fleetInMemory(options: FleetOptions, untilMicros: number): FleetRun {
  const fleet = new Fleet(options);
  const meter = new KeyedEngine(meterEngine());
  const judge = new KeyedEngine(anomalyEngine());
  const drafts: DetectionDraft[] = [];
  let offset = 0;
  const take = (measure: MeasureInput): void => {
    const input = anomalyInput(measure, undefined, {
      watermarkMicros: judge.watermarkMicros,
      skip: () => undefined,
    });
    if (input) drafts.push(...judge.observe(input, offset++));
  };
  const close = (measures: readonly MeasureDraft[], watermarkMicros: number): void => {
    for (const measure of measures) take({ ...measure, source_partition: 0, source_partitions: 1 });
    take(markOf(0, 1, Math.min(untilMicros, closedUntil(watermarkMicros, WINDOW_MICROS))));
  };
  let marked = 0;
  let seen = 0;
  let waiting: MeasureDraft[] = [];
  for (const event of fleet.events()) {
    const input = meterInput(event, { timestampMs: options.endMicros / 1000 }, meter);
    waiting.push(...meter.observe(input, seen++));
    if (meter.watermarkMicros < marked + WINDOW_MICROS) continue;
    marked = closedUntil(meter.watermarkMicros, WINDOW_MICROS);
    close(waiting, marked);
    waiting = [];
  }
  close([...waiting, ...meter.advance(untilMicros)], untilMicros);
  return { truth: fleet.truth(), drafts };
}
