// The meter's role: events of one source partition in, measures and marks out.

import { clampToLog, tupleKey } from '@watchkeeper/schemas';
import {
  defineRole,
  eventTimeWatermark,
  perKey,
  topic,
  type EngineOptions,
  type InputPosition,
  type LogRecord,
} from '@watchkeeper/runtime';
import { z } from 'zod';
import { markKeeper, markOf } from './marks.js';
import { meter, type MeterState } from './meter.js';
import { MeterView, type MeterEvent, type MeterInput } from './view.js';
import type { MeasureDraft } from './window.js';

export const meterSettings = z.object({
  METER_WINDOW_MS: z.coerce.number().int().min(1_000).default(10_000).describe('Width of a window, event time.'),
  METER_LATENESS_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(10_000)
    .describe('How far behind the latest event of its partition an event may come and still be measured.'),
  METER_IDLE_MARK_MS: z.coerce
    .number()
    .int()
    .min(50)
    .default(5_000)
    .describe("Idleness at a partition's log end after which its windows close by the clock."),
  METER_SESSION_IDLE_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(30 * 60_000)
    .describe('A session silent for so long counts as closed.'),
  METER_MAX_SESSIONS: z.coerce
    .number()
    .int()
    .min(1)
    .default(256)
    .describe('Sessions followed per agent and partition.'),
  METER_MAX_KEYS: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_000_000)
    .describe('Agents (and versions) held per partition, in memory and on disk; beyond, the idlest is closed.'),
});

/** How a partition's events meet the meter; the role and a bench use the same. Inputs come from {@link meterInput}. */
export function meterEngine(
  settings: z.output<typeof meterSettings> = meterSettings.parse({}),
): EngineOptions<MeterState, MeterInput, MeasureDraft> {
  const timeOf = (input: MeterInput): number => input.timeMicros;
  return {
    detector: meter({
      windowMicros: settings.METER_WINDOW_MS * 1000,
      sessionIdleMicros: settings.METER_SESSION_IDLE_MS * 1000,
      maxSessions: settings.METER_MAX_SESSIONS,
    }),
    timeOf,
    watermark: eventTimeWatermark({ timeOf, latenessMicros: settings.METER_LATENESS_MS * 1000 }),
    // Longer than a session may idle, so that a key goes only after its sessions are counted.
    idleMs: settings.METER_SESSION_IDLE_MS * 2,
    maxKeys: settings.METER_MAX_KEYS,
  };
}

/** An event with its time clamped to the log and its partition's watermark. */
export function meterInput(
  event: MeterEvent,
  record: Pick<LogRecord, 'timestampMs'>,
  at: Pick<InputPosition, 'watermarkMicros'>,
): MeterInput {
  return {
    event,
    timeMicros: clampToLog(event.occurred_at, record.timestampMs),
    watermarkMicros: at.watermarkMicros,
  };
}

export const meterRole = defineRole({
  name: 'meter',
  settings: meterSettings,
  settingsPrefix: 'METER_',
  reads: topic('agent.events', MeterView),
  writes: topic('agent.measures', 'Measure'),
  process: (settings) => {
    const marks = markKeeper(settings.METER_WINDOW_MS * 1000);
    return perKey({
      ...meterEngine(settings),
      input: meterInput,
      output: (draft, at) => ({
        key: tupleKey(draft.tenant_id, draft.agent_id),
        // Into the draft itself: V8 gives each copy of so many fields a shape of its own, and all that reads it is slow, four times in sum.
        value: at.encode(Object.assign(draft, { source_partition: at.partition, source_partitions: at.partitions })),
      }),
      onWatermark: (watermarkMicros, at) => {
        const until = marks.next(at.partition, watermarkMicros);
        if (until === undefined) return [];
        const value = at.encode(markOf(at.partition, at.partitions, until));
        return Array.from({ length: at.outputPartitions }, (_, partition) => ({ key: null, value, partition }));
      },
      onLogEnd: (watermarkMicros, at) => marks.idle(at.partition, watermarkMicros, at.nowMicros, at.timestampMs * 1000),
      fetch: { idleMs: settings.METER_IDLE_MARK_MS },
    });
  },
});
