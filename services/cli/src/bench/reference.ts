// The run that a drain must equal: the same logs, re-read partition by partition through the same engines, in memory and undisturbed.

import {
  anomalyEngine,
  anomalyInput,
  AnomalyView,
  FleetWatermark,
  type MeasureInput,
} from '@watchkeeper/anomaly-detector';
import { driftEngine, driftInput, DriftView } from '@watchkeeper/drift-detector';
import { loopEngine, loopInput, LoopView } from '@watchkeeper/loop-detector';
import { meterEngine, meterInput, MeterView } from '@watchkeeper/meter';
import { detectionOutput, KeyedEngine, type EngineOptions, type LogRecord } from '@watchkeeper/runtime';
import {
  catalogueIds,
  encodeWire,
  fullView,
  viewDecoder,
  writerTypes,
  type DetectionDraft,
  type View,
} from '@watchkeeper/schemas';
import { benchUndecodable } from '../errors.js';
import { LastRevisions } from './compare.js';
import { MeasureSums } from './measure-sum.js';
import type { Site } from './place.js';
import { readTopic, type OnRecord } from './read-topic.js';

const schemas = catalogueIds();

/** Decodes by a view; undefined for what a role leaves out. */
function lenientReader<V>(view: View<V>): (record: LogRecord) => V | undefined {
  const decode = viewDecoder(view, schemas.writerTypeOf);
  return function decodeRecord(record) {
    const decoded = decode(record.value);
    return decoded.kind === 'bad' ? undefined : decoded.value;
  };
}

/** Decodes by a view; what was written by this run must be readable. */
function reader<V>(view: View<V>): (record: LogRecord) => V {
  const decode = viewDecoder(view, schemas.writerTypeOf);
  return function decodeRecord(record) {
    const decoded = decode(record.value);
    if (decoded.kind === 'bad') throw benchUndecodable(view.schema, record.offset, decoded.error);
    return decoded.value;
  };
}

/** A judge of one partition: draft detections of one record. */
function judging<V, State, Input>(
  read: (record: LogRecord) => V | undefined,
  options: EngineOptions<State, Input, DetectionDraft>,
  toInput: (view: V, record: LogRecord, engine: KeyedEngine<State, Input, DetectionDraft>) => Input | undefined,
): (record: LogRecord) => readonly DetectionDraft[] {
  const engine = new KeyedEngine(options);
  return function judge(record) {
    const view = read(record);
    const input = view === undefined ? undefined : toInput(view, record, engine);
    return input === undefined ? [] : engine.observe(input, record.offset);
  };
}

/** What lies in agent.measures, and what the anomaly detector must have made of it. */
export interface JudgedMeasures {
  readonly detections: LastRevisions;
  readonly sums: MeasureSums;
  /** Up to where each source partition said that its windows are closed. */
  readonly marks: ReadonlyMap<number, number>;
}

/** Re-reads agent.measures; the detector as far as it had come, the sums to the end. */
export async function judgeMeasures({ log, admin, place }: Site): Promise<JudgedMeasures> {
  const judgedTo = await admin.committed('anomaly-detector', 'agent.measures');
  const detections = new LastRevisions();
  const sums = new MeasureSums();
  const marks = new Map<number, number>();
  const readFully = reader(fullView('Measure'));
  await readTopic({
    log,
    admin,
    topic: 'agent.measures',
    group: `reference-${place.database}-measures`,
    open(partition, partitions): OnRecord {
      const keep = keeper(detections, 'agent.measures', partition, partitions);
      const judge = judging(reader(AnomalyView), anomalyEngine(), (measure: MeasureInput, record, engine) =>
        anomalyInput(measure, record, { watermarkMicros: engine.watermarkMicros, skip: () => undefined }),
      );
      const end = judgedTo.get(partition)?.offset ?? 0;
      const fence = new FleetWatermark();
      return (record) => {
        const measure = readFully(record);
        // What a meter that was killed says again counts once.
        if (measure.record_kind === 'MEASURE' && !fence.isRepeated(measure)) sums.add(measure);
        fence.observe(measure);
        if (measure.record_kind === 'MARK') {
          const before = marks.get(measure.source_partition) ?? -Infinity;
          marks.set(measure.source_partition, Math.max(before, measure.window_end));
        }
        if (record.offset < end) keep(judge(record), record);
      };
    },
  });
  return { detections, sums, marks };
}

/** What loop detector, drift detector and meter must have made of agent.events. */
export interface JudgedEvents {
  readonly detections: LastRevisions;
  readonly sums: MeasureSums;
}

/** Re-reads agent.events; the meter's windows are closed as far as the marks in the log say. What cannot be decoded throws, or is left out as the roles do. */
export async function judgeEvents(
  { log, admin, place }: Site,
  marks: ReadonlyMap<number, number>,
  { skipUndecodable = false } = {},
): Promise<JudgedEvents> {
  const read = skipUndecodable ? lenientReader : reader;
  const detections = new LastRevisions();
  const sums = new MeasureSums();
  const closers: (() => void)[] = [];
  await readTopic({
    log,
    admin,
    topic: 'agent.events',
    group: `reference-${place.database}-events`,
    open(partition, partitions): OnRecord {
      const keep = keeper(detections, 'agent.events', partition, partitions);
      const judges = [
        judging(read(LoopView), loopEngine(), loopInput),
        judging(read(DriftView), driftEngine(), driftInput),
      ];
      const meter = new KeyedEngine(meterEngine());
      const readMeter = read(MeterView);
      const count = (drafts: ReturnType<typeof meter.advance>): void => {
        for (const draft of drafts) sums.add({ ...draft, source_partition: partition, source_partitions: partitions });
      };
      closers.push(() => count(meter.advance(marks.get(partition) ?? -Infinity)));
      return (record) => {
        for (const judge of judges) keep(judge(record), record);
        const event = readMeter(record);
        if (event !== undefined) count(meter.observe(meterInput(event, record, meter), record.offset));
      };
    },
  });
  for (const close of closers) close();
  return { detections, sums };
}

/** All that was written to agent.detections. */
export async function writtenDetections({ log, admin, place }: Site): Promise<LastRevisions> {
  const detections = new LastRevisions();
  const read = reader(fullView('Detection'));
  await readTopic({
    log,
    admin,
    topic: 'agent.detections',
    group: `reference-${place.database}-detections`,
    open: () => (record) => detections.add(read(record)),
  });
  return detections;
}

/** Turns drafts into what the role would have written, by way of the wire, so that both sides have the same form. */
function keeper(
  detections: LastRevisions,
  topic: string,
  partition: number,
  partitions: number,
): (drafts: readonly DetectionDraft[], record: LogRecord) => void {
  const read = viewDecoder(fullView('Detection'), schemas.writerTypeOf);
  const encode = (record: unknown): Buffer => encodeWire(schemas.idOf('Detection'), writerTypes.Detection, record);
  return function keep(drafts, { offset, timestampMs }) {
    for (const draft of drafts) {
      const at = { topic, partition, partitions, offset, timestampMs, nowMicros: 0, outputPartitions: 0, encode };
      const decoded = read(detectionOutput(draft, at).value);
      if (decoded.kind === 'bad') throw benchUndecodable('Detection', offset, decoded.error);
      detections.add(decoded.value);
    }
  };
}
