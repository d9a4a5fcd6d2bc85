// What the end-to-end tests share: a place of their own on the shared backends, and roles as real processes.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testBackends } from '@watchkeeper/local';
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
  start(groups?: readonly (readonly string[])[]): Promise<RoleProcess[]>;
  /** Waits until everything has passed; throws with what is held up. */
  drained(judgedFromMicros: number, deadlineMs?: number): Promise<void>;
  ledger(): ReturnType<typeof ledgerAt>;
  close(): Promise<void>;
}

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
    async start(groups = processGroups) {
      const started = await Promise.all(
        groups.map((group) => startRoles(group, { ...roleEnvironment(backends, place), ...SHORT_SESSIONS }, dataDir)),
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
    ledger: () => ledgerAt(backends, place),
    async close() {
      await Promise.all(running.map((role) => role.stop()));
      await sql.close();
    },
  };
}
