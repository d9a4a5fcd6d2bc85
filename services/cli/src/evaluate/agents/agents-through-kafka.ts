// A simulated fleet through the real pipeline: meter and anomaly detector as processes over fresh topics, and what they tell compared with a run in memory.

import { AnomalyView, DETECTOR, DETECTOR_VERSION, FleetWatermark } from '@watchkeeper/anomaly-detector';
import { catalogueIds, viewDecoder } from '@watchkeeper/schemas';
import { readTopic } from '../../bench/read-topic.js';
import { lagOf } from '../../demo/drain.js';
import { benchUndecodable, drainTimedOut } from '../../errors.js';
import { history, score, simulate, type DetectionRow, type FleetOptions } from '../../simulate/index.js';
import { withEventSource } from '../../stack/event-source.js';
import { startRoles } from '../../stack/role-processes.js';
import { waitFor } from '../../stack/wait.js';
import { TIMES_END_MS } from '../evaluate-set.js';
import { memoryDetections } from '../memory-detections.js';
import {
  inFreshTopics,
  withKafka,
  type FreshTopics,
  type KafkaRun,
  type ThroughKafkaOptions,
} from '../through-kafka.js';
import { fleetInMemory } from './fleet-in-memory.js';

const DEADLINE_MS = 900_000;
/** Partitions are read one after another: none of an agent's windows may be joined before all of them have spoken. */
const MOST_PENDING = '1000000';
const IDLE_MARK_MS = '1000';

/** Two days of sixty agents. */
export const EVALUATED_FLEET: FleetOptions = history({
  seed: 101,
  agents: 60,
  hours: 48,
  events: 90_000,
  endMicros: TIMES_END_MS * 1000,
});

export interface AgentsRun extends KafkaRun {
  readonly set: 'agents';
  readonly detector: string;
  readonly version: number;
  readonly agents: number;
  readonly positives: number;
  readonly recall: number;
  /** Clean agents with a detection, of how many. */
  readonly falseAlarms: number;
  readonly clean: number;
}

export async function agentsThroughKafka(
  options: Pick<ThroughKafkaOptions, 'env' | 'dataDir' | 'say'>,
  fleet: FleetOptions = EVALUATED_FLEET,
): Promise<AgentsRun> {
  return withKafka(options, async (brokers) => {
    let judged = { positives: 0, recall: 0, falseAlarms: 0, clean: 0 };
    const run = await inFreshTopics(brokers, async (topics) => {
      const { events } = await withEventSource(brokers, topics.place, undefined, (source) =>
        simulate({ ...source, fleet, historySeconds: 0 }),
      );
      options.say(`${events} events of ${fleet.agents} agents are in the log; judging …`);
      await judge(topics, options.dataDir);
      const memory = fleetInMemory(fleet, await watermark(topics));
      judged = figuresOf(score(memory.truth, memory.drafts.map(rowOf)).anomaly);
      return memoryDetections(memory.drafts);
    });
    return { set: 'agents', detector: DETECTOR, version: DETECTOR_VERSION, agents: fleet.agents, ...judged, ...run };
  });
}

function figuresOf(score: { planted: number; found: number; falseAlarms: number; clean: number }) {
  const { planted, found, falseAlarms, clean } = score;
  return { positives: planted, recall: planted === 0 ? 0 : found / planted, falseAlarms, clean };
}

/**
 * Runs the meter to the end of the events, then the judge to the end of the measures: so there is a last mark, which a run in memory can be given too.
 * It lies a little before the fleet's end: a partition's time goes on by its events.
 */
async function judge(topics: FreshTopics, dataDir: string): Promise<void> {
  const { brokers, place, admin } = topics;
  const env = { KAFKA_BROKERS: brokers, TOPIC_PREFIX: place.topicPrefix };
  const judge = await startRoles([DETECTOR], { ...env, ANOMALY_MAX_PENDING: MOST_PENDING }, dataDir);
  try {
    const meter = await startRoles(['meter'], { ...env, METER_IDLE_MARK_MS: IDLE_MARK_MS }, dataDir);
    try {
      const isClosed = async (): Promise<boolean> =>
        (await lagOf(admin, 'meter', ['agent.events'])) === 0 && (await watermark(topics)) > -Infinity;
      if (!(await waitFor(isClosed, DEADLINE_MS)))
        throw drainTimedOut(DEADLINE_MS, 'the meter has not closed all windows');
    } finally {
      await meter.stop();
    }
    if (!(await waitFor(async () => (await lagOf(admin, DETECTOR, ['agent.measures'])) === 0, DEADLINE_MS)))
      throw drainTimedOut(DEADLINE_MS, `${DETECTOR} has not judged all measures`);
  } finally {
    await judge.stop();
  }
}

/** How far the marks in agent.measures close the fleet's windows: the least over the topic's partitions. */
async function watermark({ log, admin }: FreshTopics): Promise<number> {
  const decode = viewDecoder(AnomalyView, catalogueIds().writerTypeOf);
  const marks: FleetWatermark[] = [];
  await readTopic({
    log,
    admin,
    topic: 'agent.measures',
    group: `evaluate-measures-${Date.now().toString(36)}`,
    open() {
      const of = new FleetWatermark();
      marks.push(of);
      return (record) => {
        const decoded = decode(record.value);
        if (decoded.kind === 'bad') throw benchUndecodable('Measure', record.offset, decoded.error);
        of.observe(decoded.value);
      };
    },
  });
  return Math.min(...marks.map(({ micros }) => micros));
}

type Draft = ReturnType<typeof fleetInMemory>['drafts'][number];

function rowOf(draft: Draft): DetectionRow {
  const { detector, tenant_id, session_id, agent_id, metric, first_seq, last_seq, window_start, window_end } = draft;
  return {
    detector,
    tenant_id,
    session_id,
    agent_id,
    metric,
    first_seq,
    last_seq,
    window_start_micros: window_start,
    window_end_micros: window_end,
  };
}
