// The role over a log in memory: events in, measures and marks out.

import { hostRoles, memoryLog } from '@watchkeeper/runtime';
import {
  catalogueIds,
  encodeWire,
  fullView,
  tupleKey,
  viewDecoder,
  writerTypes,
  type Measure,
} from '@watchkeeper/schemas';
import { defaultRecord } from '@watchkeeper/schemas/testing';
import { describe, expect, it } from 'vitest';
import { meterEngine, meterRole } from './service.js';
import { meterInput } from './testing.js';
import type { MeterEvent } from './view.js';

const NOW_MS = 1_800_000_000_000;
const T0 = NOW_MS * 1000 - 3_600_000_000;
const decode = viewDecoder(fullView('Measure'), () => writerTypes.Measure);

function wire(event: MeterEvent): Buffer {
  return encodeWire(catalogueIds().idOf('AgentEvent'), writerTypes.AgentEvent, {
    ...defaultRecord('AgentEvent'),
    ...event,
    event_id: 'e',
  });
}

const recordAt = (t: number, more: Partial<MeterEvent> = {}) => ({
  key: tupleKey('acme', 's1'),
  value: wire(meterInput(t, more).event),
  partition: 0,
});

function read(values: readonly { value: Buffer | null }[]): Measure[] {
  return values.map(({ value }) => {
    const result = decode(value);
    if (result.kind === 'bad') throw new Error(result.error);
    return result.value;
  });
}

describe('the meter role', () => {
  it('writes measures by agent, then a mark to every partition; an idle partition moves on, an empty one holds nobody back', async () => {
    const log = memoryLog({
      topics: { 'agent.events': 2, 'agent.measures': 3, 'meter.agent.events.changelog': 2 },
      nowMs: () => NOW_MS,
    });
    const host = await hostRoles([meterRole], { LOG_LEVEL: 'silent', METER_IDLE_MARK_MS: '50' }, { log });
    log.append('agent.events', [
      { key: null, value: Buffer.from('nonsense'), partition: 0 },
      recordAt(T0, { seq: 1 }),
      recordAt(T0 + 1e6, { seq: 2 }),
      recordAt(T0 + 1e6, { seq: 2 }),
      recordAt(T0 + 40e6, { seq: 3 }),
    ]);
    const all = (): Measure[] => [0, 1, 2].flatMap((partition) => read(log.records('agent.measures', partition)));
    const marks = (sourcePartition: number): number[] =>
      read(log.records('agent.measures', 1))
        .filter((measure) => measure.record_kind === 'MARK' && measure.source_partition === sourcePartition)
        .map((mark) => mark.window_end);
    await expect.poll(() => marks(1), { timeout: 10_000 }).toEqual([0]);
    await host.stop();

    const measures = all().filter((measure) => measure.record_kind === 'MEASURE');
    expect(measures[0]).toMatchObject({
      source_partition: 0,
      source_partitions: 2,
      window_start: T0,
      agent_id: 'booking-agent',
      events: 2,
      sessions: 1,
      llm_calls: 2,
      input_tokens: 2_000,
    });
    expect(marks(0)[0]).toBe(T0 + 30e6);
    for (const partition of [0, 2]) {
      expect(read(log.records('agent.measures', partition)).some((measure) => measure.record_kind === 'MARK')).toBe(
        true,
      );
    }
    expect(marks(0)).toEqual([...marks(0)].sort((a, b) => a - b));
  });
});

it('has room on each partition for all agents of a fleet of 200,000: their sessions lie on every one', () => {
  expect(meterEngine().maxKeys).toBeGreaterThan(200_000);
});
