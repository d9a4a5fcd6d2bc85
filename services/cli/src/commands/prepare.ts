// watchkeeper migrate and watchkeeper topics: tables and topics as this version wants them.

import { readAcls } from '@watchkeeper/runtime';
import { badOption } from '../errors.js';
import { findClickHouse, findKafka } from '../stack/backends.js';
import { databaseClient, migrateAt } from '../stack/database.js';
import { placeOf, type Place } from '../stack/environment.js';
import { logAt, openTopics } from '../stack/log.js';
import { growTopic } from './grow.js';
import { beginNewLives } from './new-lives.js';

/** Prints what was applied. */
export async function migrateDatabase(dataDir: string): Promise<void> {
  const clickhouseUrl = await findClickHouse(process.env, dataDir);
  const { database } = placeOf(process.env);
  const { applied, ttlChanged } = await migrateAt(process.env, clickhouseUrl, database);
  process.stdout.write(applied.length === 0 ? `${database} is up to date\n` : `applied ${applied.join(', ')}\n`);
  if (ttlChanged.length > 0) process.stdout.write(`changed the TTL of ${ttlChanged.join(', ')}\n`);
}

/** Makes missing topics and prints what was made and what differs; `newLog` begins new lives of the topics that were made anew, `acls` lets each role's user do its work. */
export async function prepareTopics(
  dataDir: string,
  { newLog = false, acls = false }: { newLog?: boolean; acls?: boolean },
): Promise<void> {
  const brokers = await findKafka(process.env, dataDir);
  const place = placeOf(process.env);
  const { created, differences } = await openTopics(brokers, place);
  process.stdout.write(created.length === 0 ? 'all topics are there\n' : `made ${created.join(', ')}\n`);
  for (const difference of differences) process.stdout.write(`${difference}\n`);
  if (acls) process.stdout.write(`allowed ${await grantAll(brokers, place)}\n`);
  if (newLog) await newLives(brokers, await findClickHouse(process.env, dataDir), place);
}

/** Prints what was grown. */
export async function growTopicAt(dataDir: string, topic: string, partitions: string): Promise<void> {
  const count = Number(partitions);
  if (!Number.isInteger(count)) throw badOption('topics grow', partitions, 'a number of partitions');
  const brokers = await findKafka(process.env, dataDir);
  const admin = await logAt(brokers, placeOf(process.env)).admin();
  try {
    for (const grown of await growTopic(admin, topic, count))
      process.stdout.write(`${grown.topic} has ${grown.to} partitions, before ${grown.from}\n`);
  } finally {
    await admin.close();
  }
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

async function newLives(brokers: string, clickhouseUrl: string, place: Place): Promise<void> {
  const admin = await logAt(brokers, place).admin();
  const client = databaseClient(process.env, clickhouseUrl);
  try {
    const begun = await beginNewLives({ admin, client, ...place });
    for (const { topic, logId } of begun) process.stdout.write(`${topic} begins its life ${logId}\n`);
    if (begun.length === 0) process.stdout.write('every topic is the one that was read so far: no new life begins\n');
  } finally {
    await Promise.all([admin.close(), client.close()]);
  }
}
