// The same sets through the real pipeline: fresh topics, the role as its own process, and its detections compared with those in memory.

import { ensureKafka, status, stopLocalBackends } from '@watchkeeper/local';
import { manualClock, type LogAdapter, type LogAdmin } from '@watchkeeper/runtime';
import { catalogueIds, fullView, viewDecoder, type Detection } from '@watchkeeper/schemas';
import { compareDetections, LastRevisions, type Comparison } from '../bench/compare.js';
import { readTopic } from '../bench/read-topic.js';
import { lagOf } from '../demo/drain.js';
import { benchUndecodable, drainTimedOut } from '../errors.js';
import { replay } from '../replay/index.js';
import type { Place } from '../stack/environment.js';
import { withEventSource } from '../stack/event-source.js';
import { logAt, openTopics } from '../stack/log.js';
import { startRoles } from '../stack/role-processes.js';
import { waitFor } from '../stack/wait.js';
import { TIME_SEED, TIMES_END_MS, type EvaluatedSet } from './evaluate-set.js';
import { memoryDetections, withoutSource } from './memory-detections.js';

const DEADLINE_MS = 900_000;

export interface ThroughKafkaOptions {
  /** The detector's role, which is its consumer group too. */
  readonly role: string;
  readonly sets: readonly EvaluatedSet[];
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** What came of a set in the pipeline: how it differs from the run in memory, in every field but when and where it was found. */
export interface KafkaRun {
  readonly comparison: Comparison;
  /** Ids of what was told, sorted. */
  readonly detections: readonly string[];
}

/** By set. */
export async function throughKafka(options: ThroughKafkaOptions): Promise<ReadonlyMap<string, KafkaRun>> {
  return withKafka(options, async (brokers) => {
    const runs = new Map<string, KafkaRun>();
    for (const set of options.sets) {
      const run = await inFreshTopics(brokers, async (topics) => {
        const events = await filled(topics, set, options);
        await judged(topics, events, options);
        return memoryDetections([...set.runs.values()].flatMap(({ told }) => told.map(({ draft }) => draft)));
      });
      runs.set(set.figures.set, run);
    }
    return runs;
  });
}

/** Topics that nobody else uses, and ways to them. */
export interface FreshTopics {
  readonly brokers: string;
  readonly place: Place;
  readonly log: LogAdapter;
  readonly admin: LogAdmin;
}

/** Topics of its own: made-up times go forth within a set, and a partition's watermark would be ahead of the next one. `work` fills them, runs the roles, and says what must be in agent.detections then. */
export async function inFreshTopics(
  brokers: string,
  work: (topics: FreshTopics) => Promise<LastRevisions>,
): Promise<KafkaRun> {
  const place = { topicPrefix: `evaluate_${Date.now().toString(36)}.`, database: 'none' };
  await openTopics(brokers, place);
  const log = logAt(brokers, place);
  const admin = await log.admin();
  try {
    const expected = await work({ brokers, place, log, admin });
    const found = new LastRevisions();
    for (const detection of await written(log, admin)) found.add(withoutSource(detection));
    return {
      comparison: compareDetections(expected, found),
      detections: [...found.all()].map(({ detection_id }) => detection_id).sort(),
    };
  } finally {
    await admin.deleteTopics([...(await admin.topics()).keys()]).catch(() => undefined);
    await admin.close();
  }
}

/** KAFKA_BROKERS, or the local broker of the data folder; one that was started for this is stopped again. */
export async function withKafka<T>(
  { env, dataDir, say }: Pick<ThroughKafkaOptions, 'env' | 'dataDir' | 'say'>,
  work: (brokers: string) => Promise<T>,
): Promise<T> {
  const given = env['KAFKA_BROKERS'];
  if (given !== undefined) return work(given);
  const before = await status({ dataDir });
  const { brokers } = await ensureKafka({ dataDir, log: say });
  try {
    return await work(brokers);
  } finally {
    if (before.kafka === undefined && before.clickhouse === undefined) await stopLocalBackends({ dataDir });
  }
}

/** Sends the set as `watchkeeper replay` does, with the times of the run in memory. */
async function filled(
  { brokers, place }: FreshTopics,
  { file }: EvaluatedSet,
  { say }: ThroughKafkaOptions,
): Promise<number> {
  const { events } = await withEventSource(brokers, place, undefined, (source) =>
    replay({
      ...source,
      clock: manualClock(TIMES_END_MS),
      paths: [file.path],
      seed: TIME_SEED,
      speed: Infinity,
    }),
  );
  say(`${events} events of ${file.set} are in the log; judging …`);
  return events;
}

/** Runs the role until it has committed all that was sent. Throws WK_DRAIN_TIMEOUT. */
async function judged(
  { brokers, place, admin }: FreshTopics,
  events: number,
  { role, dataDir }: ThroughKafkaOptions,
): Promise<void> {
  const process = await startRoles([role], { KAFKA_BROKERS: brokers, TOPIC_PREFIX: place.topicPrefix }, dataDir);
  try {
    const done = await waitFor(async () => (await lagOf(admin, role, ['agent.events'])) === 0, DEADLINE_MS);
    if (!done) throw drainTimedOut(DEADLINE_MS, `${role} has not judged all of ${events} events`);
  } finally {
    await process.stop();
  }
}

/** All that lies in agent.detections. */
async function written(log: LogAdapter, admin: LogAdmin): Promise<Detection[]> {
  const detections: Detection[] = [];
  const decode = viewDecoder(fullView('Detection'), catalogueIds().writerTypeOf);
  await readTopic({
    log,
    admin,
    topic: 'agent.detections',
    group: 'evaluate-detections',
    open: () => (record) => {
      const decoded = decode(record.value);
      if (decoded.kind === 'bad') throw benchUndecodable('Detection', record.offset, decoded.error);
      detections.push(decoded.value);
    },
  });
  return detections;
}
