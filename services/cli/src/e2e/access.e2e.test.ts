// Every role as a user of its own, over TLS, with what infra/kafka/acls.yaml allows and no more; and no secret where people look.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, testBackends } from '@watchkeeper/local';
import { kafkaLog, readAcls, silentLogger, type KafkaAccess, type LogAdapter } from '@watchkeeper/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSql, type Sql } from '../clickhouse.js';
import { allRoles } from '../roles.js';
import { migrateAt } from '../stack/database.js';
import { openTopics } from '../stack/log.js';
import { startRoles, type RoleProcess } from '../stack/role-processes.js';
import { waitFor } from '../stack/wait.js';
import { securedBackends, type Secured } from './secured.js';

const bin = fileURLToPath(new URL('../../bin/watchkeeper.js', import.meta.url));
const place = { topicPrefix: 'secured.', database: '' };

let secured: Secured;
let sql: Sql;
let roles: RoleProcess[] = [];

const userOf = (role: string): string => `watchkeeper-${role}`;
const passwordOf = (user: string): string => secured.users[user] ?? '';
const ca = (): string => readFileSync(secured.caFile, 'utf8');

function environmentOf(user: string): Record<string, string> {
  return {
    KAFKA_BROKERS: secured.brokers,
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: secured.caFile,
    KAFKA_SASL: 'scram-sha-512',
    KAFKA_USERNAME: user,
    KAFKA_PASSWORD: passwordOf(user),
    CLICKHOUSE_URL: secured.clickhouseUrl,
    CLICKHOUSE_TLS_CA_FILE: secured.caFile,
    TOPIC_PREFIX: place.topicPrefix,
    CLICKHOUSE_DATABASE: place.database,
    LOG_LEVEL: 'debug',
  };
}

function logAs(access: KafkaAccess, brokers = secured.brokers): LogAdapter {
  return kafkaLog({ brokers: [brokers], clientId: 'test', prefix: place.topicPrefix, access, logger: silentLogger });
}

const scram = (user: string, password = passwordOf(user)): KafkaAccess => ({
  tls: { ca: ca() },
  login: { mechanism: 'scram-sha-512', username: user, password },
});

/** As a person runs it. */
function watchkeeper(args: string[], env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], { env: { ...process.env, ...env } });
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    child.on('close', (code) => resolve({ code, output }));
  });
}

beforeAll(async () => {
  const { clickhouseUrl, database } = await testBackends();
  place.database = database;
  secured = await securedBackends(clickhouseUrl);
  await Promise.all([openTopics(secured.plainBrokers, place), migrateAt({}, clickhouseUrl, database)]);
  const admin = await logAs({}, secured.plainBrokers).admin();
  await admin.grant(readAcls());
  await admin.close();
  sql = openSql({ url: clickhouseUrl, database }, {});
});
afterAll(async () => {
  await Promise.all(roles.map((role) => role.stop()));
  await sql.close();
  await secured.close();
});

describe('logging in', () => {
  const unsigned = (user: string): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const nowSeconds = Math.floor(Date.now() / 1000);
    return `${part({ alg: 'none' })}.${part({ sub: user, iat: nowSeconds, exp: nowSeconds + 600 })}.`;
  };
  const user = userOf('emitter');
  const record = { key: 'k', value: Buffer.from('v') };

  it.each(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'] as const)('lets in by %s', async (mechanism) => {
    const login =
      mechanism === 'oauthbearer'
        ? { mechanism, token: () => Promise.resolve(unsigned(user)) }
        : { mechanism, username: user, password: passwordOf(user) };
    const producer = await logAs({ tls: { ca: ca() }, login }).producer();
    await producer.send('watchkeeper.once', [record]).catch((error: unknown) => {
      // Logged in, then forbidden: this user may write events alone.
      expect(error).toMatchObject({ code: 'WK_KAFKA_FORBIDDEN' });
    });
    await producer.close();
  });

  it('says who was refused, and not with what', async () => {
    const opening = logAs(scram(user, 'wrong-word')).producer();
    await expect(opening).rejects.toMatchObject({ code: 'WK_KAFKA_LOGIN' });
    await expect(opening).rejects.toThrow(/refused the login of user watchkeeper-emitter/);
    await expect(opening).rejects.not.toThrow(/wrong-word/);
  });

  it('believes no certificate of another authority', async () => {
    const other = { ...scram(user), tls: { ca: readFileSync(secured.otherCaFile, 'utf8') } };
    await expect(logAs(other).producer()).rejects.toMatchObject({ code: 'WK_KAFKA_CERTIFICATE' });
  });
});

describe('roles with users of their own', () => {
  it('do their work: an event of the emitter becomes a row, a measure and a detection', async () => {
    roles = await Promise.all(
      allRoles.map(async ({ name }) => {
        const env = { HTTP_PORT: String(await freePort()), LANDING_MIGRATE: 'false' };
        return startRoles([name], { ...environmentOf(userOf(name)), ...env }, secured.dir);
      }),
    );
    const trace = join(secured.dir, 'trace.jsonl');
    const lines = Array.from({ length: 30 }, (_, step) => ({
      session: 's',
      step,
      kind: 'tool',
      actor: 'AGENT',
      tool: 'read_page',
      args: { page: 'prices' },
      output: 'Nothing new on this page.',
    }));
    const start = { session: 's', step: 0, kind: 'session', agent: 'shopper', goal: 'Find the price of a kettle' };
    writeFileSync(trace, [start, ...lines].map((line) => JSON.stringify(line)).join('\n'));
    const replayed = await watchkeeper(['replay', trace], environmentOf(userOf('emitter')));
    expect(replayed).toMatchObject({ code: 0 });
    const counts = async (): Promise<unknown> => {
      const [row] = await sql.rows<object>(
        "SELECT (SELECT count() > 30 FROM events) AS events, (SELECT count() > 0 FROM detections WHERE kind = 'loop.repeat') AS loops",
      );
      return row;
    };
    const all = { events: 1, loops: 1 };
    await waitFor(async () => JSON.stringify(await counts()) === JSON.stringify(all), 60_000);
    expect(await counts()).toEqual(all);
    const ledger = await watchkeeper(['doctor', 'ledger'], environmentOf(userOf('scheduler')));
    expect(ledger.output).toMatch(/gaps 0, duplicates 0/);
  });

  it('and no more: what the list does not allow is refused with a sentence', async () => {
    const value = Buffer.from('v');
    const writes = async (user: string, topic: string): Promise<void> => {
      const producer = await logAs(scram(userOf(user))).producer();
      try {
        await producer.send(topic, [{ key: 'k', value }]);
      } finally {
        await producer.close();
      }
    };
    await expect(writes('emitter', 'agent.detections')).rejects.toThrow(
      /does not let user watchkeeper-emitter write to secured\.agent\.detections/,
    );
    await expect(writes('loop-detector', 'agent.events')).rejects.toMatchObject({ code: 'WK_KAFKA_FORBIDDEN' });
    await expect(writes('scheduler', 'agent.events')).rejects.toMatchObject({ code: 'WK_KAFKA_FORBIDDEN' });
    // Another role's group, and another role's transactional id.
    const stolen = await watchkeeper(['run', 'meter'], environmentOf(userOf('loop-detector')));
    expect(stolen.code).not.toBe(0);
    expect(stolen.output).toMatch(
      /does not let user watchkeeper-loop-detector read agent\.events as group secured\.meter/,
    );
    const id = logAs(scram(userOf('loop-detector'))).transactor('meter.agent.events.0');
    await expect(id).rejects.toMatchObject({ code: 'WK_KAFKA_FORBIDDEN' });
  });

  it('show no secret in logs and on /metrics', async () => {
    const logs = join(secured.dir, 'logs');
    const said = readdirSync(logs).map((file) => readFileSync(join(logs, file), 'utf8'));
    for (const { httpPort } of roles)
      said.push(await fetch(`http://127.0.0.1:${String(httpPort)}/metrics`).then((answer) => answer.text()));
    expect(said.length).toBe(2 * allRoles.length);
    for (const text of said) for (const password of Object.values(secured.users)) expect(text).not.toContain(password);
  });
});
