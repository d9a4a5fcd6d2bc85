// What the end-to-end tests share: a place of their own on the shared backends, and roles as real processes.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testBackends } from '@watchkeeper/local';
import { compareDetections, type Comparison } from '../bench/compare.js';
import { judgeEvents, judgeMeasures, writtenDetections } from '../bench/reference.js';
import { openSql, type Sql } from '../clickhouse.js';
import { ledgerAt } from '../commands/doctor.js';
import { heldUpBy, lookAtPipeline } from '../demo/drain.js';
import { processGroups } from '../roles.js';
import type { Backends } from '../stack/backends.js';
import { migrateAt } from '../stack/database.js';
import { roleEnvironment, type Place } from '../stack/environment.js';
import { logAt, openTopics } from '../stack/log.js';
import { startRoles, type RoleProcess } from '../stack/role-processes.js';
import { waitFor } from '../stack/wait.js';

/** A killed role's partitions are given away after this; Kafka allows no less. */
const SHORT_SESSIONS = { KAFKA_SESSION_TIMEOUT_MS: '6000' };

export interface World {
  readonly backends: Backends;
  readonly place: Place;
  readonly sql: Sql;
  /** One process per entry. */
  start(groups?: readonly (readonly string[])[], env?: Readonly<Record<string, string>>): Promise<RoleProcess[]>;
  /** Waits until everything has passed; throws with what is held up. */
  drained(judgedFromMicros: number, deadlineMs?: number): Promise<void>;
  /** Events in ClickHouse. */
  landed(): Promise<number>;
  /** What differs between the detections and measures of the run and those of an undisturbed re-read of the same logs. */
  differences(): Promise<Differences>;
  ledger(): ReturnType<typeof ledgerAt>;
  close(): Promise<void>;
}

type Difference = Pick<Comparison, 'missing' | 'unexpected' | 'different'>;

export interface Differences {
  readonly ofSessions: Difference;
  readonly ofAgents: Difference;
  readonly ofMeasures: readonly string[];
}

const NOTHING: Difference = { missing: [], unexpected: [], different: [] };
export const NO_DIFFERENCES: Differences = { ofSessions: NOTHING, ofAgents: NOTHING, ofMeasures: [] };
/** Fewer say nothing about a run. */
const LEAST_DETECTIONS = 10;

async function differencesAt(brokers: string, place: Place, sql: Sql): Promise<Differences> {
  const log = logAt(brokers, place);
  const admin = await log.admin();
  const site = { place, log, admin, sql };
  const written = await writtenDetections(site);
  const fromMeasures = await judgeMeasures(site);
  const fromEvents = await judgeEvents(site, fromMeasures.marks);
  await admin.close();
  const isOfAgents = ({ detector }: { detector: string }): boolean => detector === 'anomaly-detector';
  const ofSessions = compareDetections(
    fromEvents.detections,
    written.where((one) => !isOfAgents(one)),
  );
  if (ofSessions.expected < LEAST_DETECTIONS) throw new Error(`the logs hold ${ofSessions.expected} detections only`);
  const ofAgents = compareDetections(fromMeasures.detections, written.where(isOfAgents));
  const ofMeasures = fromEvents.sums.differences(fromMeasures.sums);
  return { ofSessions: onlyDifferences(ofSessions), ofAgents: onlyDifferences(ofAgents), ofMeasures };
}

const onlyDifferences = ({ missing, unexpected, different }: Comparison): Difference => ({
  missing,
  unexpected,
  different,
});

/** Topics and tables made, no role started. */
export async function newWorld(): Promise<World> {
  const { brokers, clickhouseUrl, topicPrefix, database } = await testBackends();
  const backends = { brokers, clickhouseUrl };
  const place = { topicPrefix, database };
  const dataDir = mkdtempSync(join(tmpdir(), 'watchkeeper-e2e-'));
  await Promise.all([openTopics(brokers, place), migrateAt({}, clickhouseUrl, database)]);
  const sql = openSql({ url: clickhouseUrl, database });
  const running: RoleProcess[] = [];
  return {
    backends,
    place,
    sql,
    async start(groups = processGroups, env = {}) {
      const started = await Promise.all(
        groups.map((group) =>
          startRoles(group, { ...roleEnvironment(backends, place), ...SHORT_SESSIONS, ...env }, dataDir),
        ),
      );
      running.push(...started);
      return started;
    },
    async drained(judgedFromMicros, deadlineMs = 180_000) {
      const admin = await logAt(brokers, place).admin();
      let held: string | undefined = '';
      const done = await waitFor(async () => {
        held = heldUpBy(await lookAtPipeline(admin, sql), judgedFromMicros);
        return held === undefined;
      }, deadlineMs);
      await admin.close();
      if (!done) throw new Error(`not drained: ${held}`);
    },
    async landed() {
      const [row] = await sql.rows<{ n: string }>('SELECT count() AS n FROM events');
      return Number(row?.n ?? 0);
    },
    differences: () => differencesAt(brokers, place, sql),
    ledger: () => ledgerAt(backends, place),
    async close() {
      await Promise.all(running.map((role) => role.stop()));
      await sql.close();
    },
  };
}
