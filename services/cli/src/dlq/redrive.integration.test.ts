// Dead letters on a real broker and engine: listed, driven again once the cause is mended, and once only, whatever breaks off in between.

import { landingRole } from '@watchkeeper/landing';
import { systemClock, type LogAdapter } from '@watchkeeper/runtime';
import { catalogueIds, writerTypes, type SchemaIds } from '@watchkeeper/schemas';
import kafkajs from 'kafkajs';
import { afterEach, expect, it } from 'vitest';
import { openSql, type Sql } from '../clickhouse.js';
import { faultPlace, NOTHING_WRONG, type FaultPlace } from '../commands/fault-place.testing.js';
import { goodRecord } from '../chaos/bad-records.js';
import { letterGroups, letterNamed, lettersOf, type LetterFilter } from './letters.js';
import { redrive, REDRIVEN_FROM } from './redrive.js';

/** An id that nobody knows until it is registered. */
const NEW_ID = 4_000_000;
const known = catalogueIds();
let registered = false;
const schemas: SchemaIds = {
  ...known,
  writerTypeOf: (id) => (registered && id === NEW_ID ? writerTypes.AgentEvent : known.writerTypeOf(id)),
  prefetch: () => Promise.resolve(true),
};

let place: FaultPlace;
let sql: Sql;
afterEach(async () => {
  await sql.close();
  await place.close();
});

/** A good event under the id that is not registered. */
function ofNewSchema(id: string, padding = 0): Buffer {
  const value = Buffer.from(goodRecord(id + 'x'.repeat(padding)).value ?? '');
  value.writeUInt32BE(NEW_ID, 1);
  return value;
}

const driveAgain = (log: LogAdapter, over: { dryRun?: boolean; filter?: LetterFilter } = {}) =>
  redrive({
    log,
    schemas,
    clock: systemClock,
    letters: lettersOf(sql, over.filter ?? {}),
    dryRun: over.dryRun ?? false,
    force: false,
  });

/** The log, whose transactions end as asked: not told that they were committed. */
const untold = (log: LogAdapter): LogAdapter => ({
  ...log,
  transactor: async (id) => {
    const transactor = await log.transactor(id);
    return {
      ...transactor,
      close: () => transactor.close(),
      appendTo: async (appends) => {
        await transactor.appendTo(appends);
        throw new Error('the process was killed before it heard of the commit');
      },
    };
  },
});

it('drives each letter again once its cause is mended, whole, and never twice', async () => {
  place = await faultPlace(1);
  sql = openSql({ url: place.clickhouseUrl, database: place.database });
  const log = place.log();
  await place.host([landingRole], {}, { schemas });
  const producer = await log.producer();
  const headers = { trace: Buffer.from([0, 255]) };
  const one = ofNewSchema('one');
  await producer.send('agent.events', [
    goodRecord('good'),
    { key: 'k', value: one, headers },
    { key: 'k', value: ofNewSchema('two') },
    { key: 'k', value: ofNewSchema('long', 300_000) },
    { key: 'k', value: Buffer.from('never an event') },
  ]);
  await producer.close();
  await place.settled((ledger) => expect(ledger).toMatchObject({ landed: 5, lag: 0 }));
  expect(await letterGroups(sql, {})).toMatchObject([
    { topic: 'agent.events', reason: 'unknown_schema', service: 'landing', letters: 3 },
    { topic: 'agent.events', reason: 'not_confluent', service: 'landing', letters: 1 },
  ]);
  expect(await letterGroups(sql, { sinceMs: Date.now() + 60_000 })).toEqual([]);
  const first = await letterNamed(sql, 'agent.events/0/1');
  expect(first).toMatchObject({ value: one, key: Buffer.from('k'), headers });
  await expect(letterNamed(sql, 'agent.events/0/0')).rejects.toMatchObject({ code: 'WK_NO_LETTER' });

  // Not mended yet: everything would be refused again.
  expect(await driveAgain(log)).toMatchObject({ letters: 4, redriven: 0, cut: 1, stillBad: 3 });
  registered = true;
  expect(await driveAgain(log, { dryRun: true })).toMatchObject({ redriven: 2, cut: 1, stillBad: 1 });
  expect((await place.admin.ranges('agent.events'))[0]?.end).toBe(5);

  // A run that was killed in the middle of its transaction: the records are in the log, the journal's word is not, and neither counts.
  const dying = new kafkajs.Kafka({ brokers: [...place.brokers], logLevel: kafkajs.logLevel.NOTHING }).producer({
    transactionalId: `${place.topicPrefix}dlq.redrive`,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await dying.connect();
  const transaction = await dying.transaction();
  await transaction.send({ topic: `${place.topicPrefix}agent.events`, messages: [{ key: 'k', value: first.value }] });
  // One that was killed after its commit, before it heard of it.
  await expect(driveAgain(untold(log), { filter: { reason: 'unknown_schema' } })).rejects.toThrow('killed');
  await dying.disconnect();
  for (let runs = 0; runs < 2; runs += 1)
    expect(await driveAgain(log)).toMatchObject({ redriven: 0, already: 2, cut: 1, stillBad: 1 });

  const clean = await place.settled((ledger) => {
    expect(ledger.lag).toBe(0);
    expect(ledger.partitions[0]).toMatchObject({ landed: 3, deadLettered: 4 });
  });
  expect(clean).toMatchObject(NOTHING_WRONG);
  const ids = await sql.rows<{ id: string }>('SELECT session_id AS id FROM events ORDER BY id');
  expect(ids.map(({ id }) => id)).toEqual(['good', 'one', 'two']);
  const drivenFrom: string[] = [];
  for await (const { records } of log.readToEnd('agent.events', 0))
    drivenFrom.push(...records.flatMap(({ headers: { [REDRIVEN_FROM]: from } }) => (from ? [String(from)] : [])));
  expect(drivenFrom).toEqual([first.logId, first.logId].map((life, i) => `${life}/agent.events/0/${i + 1}`));
});
