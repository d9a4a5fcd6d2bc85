// The role over a log in memory: measures and marks in, detections out once every source partition has marked.

import { hostRoles, memoryLog } from '@watchkeeper/runtime';
import { encodeWire, fullView, tupleKey, viewDecoder, writerTypes, type Detection } from '@watchkeeper/schemas';
import { defaultRecord } from '@watchkeeper/schemas/testing';
import { describe, expect, it } from 'vitest';
import { FleetWatermark } from './fleet-watermark.js';
import { anomalyDetectorRole, anomalyEngine } from './service.js';
import { END_MICROS, START_MICROS, agentMeasures, emptyMeasure, faultOf } from './testing.js';
import type { MeasureInput } from './view.js';

const decode = viewDecoder(fullView('Detection'), () => writerTypes.Detection);

const wire = (measure: MeasureInput): Buffer =>
  encodeWire(3, writerTypes.Measure, { ...defaultRecord('Measure'), ...measure });
const mark = (sourcePartition: number, windowEnd: number, sourcePartitions = 2): MeasureInput => ({
  ...emptyMeasure('', windowEnd),
  record_kind: 'MARK',
  tenant_id: '',
  source_partition: sourcePartition,
  source_partitions: sourcePartitions,
  window_end: windowEnd,
});
const detectionsOf = (values: readonly { value: Buffer | null }[]): Detection[] =>
  values.map(({ value }) => {
    const result = decode(value);
    if (result.kind === 'bad') throw new Error(result.error);
    return result.value;
  });

describe('the anomaly-detector role', () => {
  it('judges only what every source partition has closed, and says which record moved the watermark', async () => {
    const log = memoryLog({
      topics: { 'agent.measures': 1, 'agent.detections': 1, 'anomaly-detector.agent.measures.changelog': 1 },
    });
    const host = await hostRoles([anomalyDetectorRole], { LOG_LEVEL: 'silent' }, { log });
    const seed = 1_003;
    const measures = agentMeasures(seed, faultOf('latency', 'level_shift', seed));
    const send = (inputs: readonly MeasureInput[]): void => {
      log.append(
        'agent.measures',
        inputs.map((input) => ({ key: tupleKey(input.tenant_id, input.agent_id), value: wire(input), partition: 0 })),
      );
    };
    send([...measures, mark(0, END_MICROS)]);
    await log.drained('anomaly-detector', 'agent.measures');
    expect(log.records('agent.detections')).toHaveLength(0);

    send([mark(1, END_MICROS), { ...measures[0]!, window_start: START_MICROS, window_end: START_MICROS + 10e6 }]);
    await log.drained('anomaly-detector', 'agent.measures');
    await host.stop();
    const found = detectionsOf(log.records('agent.detections'));
    expect(found.some((detection) => detection.metric === 'latency')).toBe(true);
    for (const detection of found) expect(detection.source_offset).toBe(measures.length + 1);
    expect(log.records('agent.detections')[0]?.key?.toString()).toBe(tupleKey('acme', `agent-${seed}`));
  });
});

describe('the fleet watermark', () => {
  it('is the least mark once all have spoken, never goes back, and goes on from its bytes', () => {
    const watermark = new FleetWatermark();
    expect(watermark.observe(mark(0, 50e6))).toBe(-Infinity);
    expect(watermark.observe(mark(1, 30e6))).toBe(30e6);
    expect(watermark.observe(emptyMeasure('a', 90e6))).toBe(30e6);
    const again = FleetWatermark.decode(watermark.encode());
    expect(again.observe(mark(1, 80e6))).toBe(50e6);
    expect(again.observe(mark(1, 10e6))).toBe(50e6);
  });

  it('knows what a meter says again after a crash: measures that its own mark has covered, even when it marks again from further back', () => {
    const measure = (source: number, end: number): MeasureInput => ({
      ...emptyMeasure('a', end - 10e6),
      source_partition: source,
      window_end: end,
    });
    let watermark = new FleetWatermark();
    watermark.observe(mark(0, 50e6));
    watermark.observe(mark(0, 30e6));
    expect(watermark.observe(mark(1, 90e6))).toBe(50e6);
    for (let round = 0; round < 2; round++) {
      expect([50e6, 60e6].map((end) => watermark.isRepeated(measure(0, end)))).toEqual([true, false]);
      expect([60e6, 100e6].map((end) => watermark.isRepeated(measure(1, end)))).toEqual([true, false]);
      expect(watermark.isRepeated(mark(0, 50e6))).toBe(false);
      watermark = FleetWatermark.decode(watermark.encode());
    }
  });

  it('waits for no empty partition, and again for one that has had its first event', () => {
    const watermark = new FleetWatermark();
    watermark.observe(mark(0, 50e6));
    expect(watermark.observe(mark(1, 0))).toBe(50e6);
    expect(watermark.observe(mark(0, 70e6))).toBe(70e6);
    watermark.observe(mark(1, 75e6));
    expect(watermark.observe(mark(0, 90e6))).toBe(75e6);
  });
});

it('has room for the agents of a fleet of 200,000, also where they share few partitions: one that is forgotten warms up for a day again, unwatched', () => {
  expect(anomalyEngine().maxKeys).toBeGreaterThan(200_000);
});
