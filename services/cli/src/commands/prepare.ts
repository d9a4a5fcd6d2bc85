// watchkeeper migrate and watchkeeper topics: tables and topics as this version wants them.

import { beginLogLife, clusterName } from '@watchkeeper/landing';
import { readAcls } from '@watchkeeper/runtime';
import { findBackends } from '../stack/backends.js';
import { databaseClient, migrateAt } from '../stack/database.js';
import { placeOf, type Place } from '../stack/environment.js';
import { logAt, openTopics } from '../stack/log.js';

/** Prints what was applied. */
export async function migrateDatabase(dataDir: string): Promise<void> {
  const { clickhouseUrl } = await findBackends(process.env, dataDir);
  const { database } = placeOf(process.env);
  const { applied, ttlChanged } = await migrateAt(process.env, clickhouseUrl, database);
  process.stdout.write(applied.length === 0 ? `${database} is up to date\n` : `applied ${applied.join(', ')}\n`);
  if (ttlChanged.length > 0) process.stdout.write(`changed the TTL of ${ttlChanged.join(', ')}\n`);
}

/** Makes missing topics and prints what was made and what differs; `newLog` begins a new life of the log in ClickHouse, `acls` lets each role's user do its work. */
export async function prepareTopics(
  dataDir: string,
  { newLog = false, acls = false }: { newLog?: boolean; acls?: boolean },
): Promise<void> {
  const { brokers, clickhouseUrl } = await findBackends(process.env, dataDir);
  const place = placeOf(process.env);
  const { created, differences } = await openTopics(brokers, place);
  process.stdout.write(created.length === 0 ? 'all topics are there\n' : `made ${created.join(', ')}\n`);
  for (const difference of differences) process.stdout.write(`${difference}\n`);
  if (acls) process.stdout.write(`allowed ${await grantAll(brokers, place)}\n`);
  if (newLog) process.stdout.write(`the log's new life is ${await beginLife(brokers, clickhouseUrl, place)}\n`);
}

async function grantAll(brokers: string, place: Place): Promise<string> {
  const admin = await logAt(brokers, place).admin();
  try {
    const grants = readAcls();
    await admin.grant(grants);
    return `${grants.length} things to ${[...new Set(grants.map(({ user }) => user))].join(', ')}`;
  } finally {
    await admin.close();
  }
}

async function beginLife(brokers: string, clickhouseUrl: string, place: Place): Promise<string> {
  const admin = await logAt(brokers, place).admin();
  const client = databaseClient(process.env, clickhouseUrl);
  try {
    const cluster = clusterName(await admin.clusterId(), place.topicPrefix);
    return await beginLogLife(client, place.database, cluster);
  } finally {
    await Promise.all([admin.close(), client.close()]);
  }
}
