// The meter's role: events of one source partition in, measures and marks out.

import { clampToLog, tupleKey } from '@watchkeeper/schemas';
import { defineRole, eventTimeWatermark, perKey, topic } from '@watchkeeper/runtime';
import { z } from 'zod';
import { markKeeper, markOf } from './marks.js';
import { meter } from './meter.js';
import { MeterView, type MeterInput } from './view.js';

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
    .min(1_000)
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
  METER_MAX_KEYS: z.coerce.number().int().min(1).default(20_000).describe('Agents (and versions) held per partition.'),
});

export const meterRole = defineRole({
  name: 'meter',
  settings: meterSettings,
  settingsPrefix: 'METER_',
  reads: topic('agent.events', MeterView),
  writes: topic('agent.measures', 'Measure'),
  process: (settings) => {
    const windowMicros = settings.METER_WINDOW_MS * 1000;
    const marks = markKeeper(windowMicros);
    return perKey({
      detector: meter({
        windowMicros,
        sessionIdleMicros: settings.METER_SESSION_IDLE_MS * 1000,
        maxSessions: settings.METER_MAX_SESSIONS,
      }),
      input: (event, record, at): MeterInput => ({
        event,
        timeMicros: clampToLog(event.occurred_at, record.timestampMs),
        watermarkMicros: at.watermarkMicros,
      }),
      timeOf: (input: MeterInput) => input.timeMicros,
      watermark: eventTimeWatermark({
        timeOf: (input: MeterInput) => input.timeMicros,
        latenessMicros: settings.METER_LATENESS_MS * 1000,
      }),
      // Longer than a session may idle, so that a key goes only after its sessions are counted.
      idleMs: settings.METER_SESSION_IDLE_MS * 2,
      maxKeys: settings.METER_MAX_KEYS,
      output: (draft, at) => ({
        key: tupleKey(draft.tenant_id, draft.agent_id),
        value: at.encode({ ...draft, source_partition: at.partition, source_partitions: at.partitions }),
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
