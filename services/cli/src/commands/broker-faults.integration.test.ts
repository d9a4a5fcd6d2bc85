// The broker's faults, on a real one: topics made anew, offsets removed unread, foreign producers, and dead letters that have nowhere to go.

import { landingRole } from '@watchkeeper/landing';
import { loopDetectorRole } from '@watchkeeper/loop-detector';
import { readTopics } from '@watchkeeper/runtime';
import { isClean } from '@watchkeeper/scheduler';
import kafkajs from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { badRecords, goodRecord } from '../chaos/bad-records.js';
import { waitFor } from '../stack/wait.js';
import { faultPlace, NOTHING_WRONG, type FaultPlace } from './fault-place.testing.js';
import { beginNewLives } from './new-lives.js';

let place: FaultPlace;
afterEach(() => place.close());

async function send(count: number, from = 0): Promise<void> {
  const producer = await place.log().producer();
  await producer.send(
    'agent.events',
    Array.from({ length: count }, (_, i) => goodRecord(`session-${from + i}`)),
  );
  await producer.close();
}

async function makeAnew(topic: string): Promise<void> {
  const { admin } = place;
  const partitions = (await admin.topics()).get(topic) ?? 1;
  if ((await admin.topics()).has(topic)) await admin.deleteTopics([topic]);
  expect(await waitFor(async () => !(await admin.topics()).has(topic), 20_000)).toBe(true);
  await admin.createTopics([{ ...readTopics().find(({ name }) => name === topic)!, partitions }]);
}

/** Retention: removes offsets below `offset` of every partition. */
async function dropBelow(topic: string, offset: number): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [...place.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const name = place.topicPrefix + topic;
  const partitions = (await admin.fetchTopicOffsets(name)).map(({ partition }) => ({
    partition,
    offset: String(offset),
  }));
  await admin.deleteTopicRecords({ topic: name, partitions });
  await admin.disconnect();
}

describe('a topic that is made anew', () => {
  it('stops the roles that run, keeps those that start from reading it, never reads clean, and begins a new life when a person says so', async () => {
    place = await faultPlace();
    const first = await place.host([landingRole, loopDetectorRole]);
    await send(40);
    await place.settled((ledger) => expect(ledger).toMatchObject({ landed: 40, lag: 0 }));
    await makeAnew('agent.events');
    await expect(first.done).rejects.toMatchObject({ code: 'WK_LOG_REPLACED' });
    // More than there was: no offset lies beyond the new end.
    await send(90, 100);
    const replaced = await place.ledger();
    expect(replaced.beyondEnd).toBe(40);
    expect(isClean(replaced)).toBe(false);
    await expect(place.host([landingRole])).rejects.toMatchObject({ code: 'WK_LOG_REPLACED' });
    const begun = await beginNewLives(place);
    expect(begun).toMatchObject([{ topic: 'agent.events', logId: expect.stringMatching(/@2$/) as string }]);
    expect(await beginNewLives(place)).toEqual([]);
    await place.host([landingRole, loopDetectorRole]);
    const clean = await place.settled((ledger) => expect(ledger).toMatchObject({ landed: 90, lag: 0 }));
    expect(clean).toMatchObject(NOTHING_WRONG);
    expect(await place.count('events')).toBe(130);
    // The detector judges the new log from its beginning.
    const ends = await place.admin.ranges('agent.events');
    const done = await waitFor(async () => {
      const committed = await place.admin.committed('loop-detector', 'agent.events');
      return ends.every(({ partition, end }) => committed.get(partition)?.offset === end);
    }, 30_000);
    expect(done).toBe(true);
    await expect(beginNewLives(place)).resolves.toEqual([]);
  });
});

describe('offsets that were removed unread', () => {
  it('stop landing with their numbers, show as gaps, and become accepted gaps when a person goes on', async () => {
    place = await faultPlace(1);
    const first = await place.host([landingRole]);
    await send(10);
    await place.settled((ledger) => expect(ledger).toMatchObject({ landed: 10, lag: 0 }));
    await first.stop();
    await send(20);
    await dropBelow('agent.events', 17);
    const refused: unknown = await place
      .host([landingRole])
      .then((host) => host.done)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'WK_LOG_GAP',
      message: expect.stringContaining('offsets 10 to 16') as string,
    });
    expect(await place.ledger()).toMatchObject({ gaps: 7, landed: 10, lag: 13 });
    await place.host([landingRole], { ACCEPT_GAP: 'true' });
    const accepted = await place.settled((ledger) => expect(ledger).toMatchObject({ landed: 23, lag: 0 }));
    expect(accepted).toMatchObject(NOTHING_WRONG);
    expect(accepted.partitions.find(({ topic }) => topic === 'agent.events')).toMatchObject({
      acceptedGaps: 7,
      gaps: 0,
    });
  });
});

describe('a foreign producer', () => {
  it('is landed or dead-lettered in every compression, with headers and nulls, beside good neighbours', async () => {
    place = await faultPlace(1);
    const bad = badRecords();
    const refused = bad.filter(({ lands }) => !lands).length;
    const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
    for (const codec of codecs) {
      const producer = await place.log(codec).producer();
      const headers = { trace: Buffer.from([0, 255]), codec };
      await producer.send('agent.events', [
        goodRecord(`before-${codec}`),
        ...bad.map(({ value }) => ({ key: null, value, headers })),
        goodRecord(`after-${codec}`),
      ]);
      await producer.close();
    }
    await place.host([landingRole]);
    const all = codecs.length * (bad.length + 2);
    const clean = await place.settled((ledger) => {
      expect(ledger.lag).toBe(0);
      expect(ledger.partitions[0]).toMatchObject({ landed: all - codecs.length * refused });
    });
    expect(clean).toMatchObject(NOTHING_WRONG);
    expect(clean.partitions[0]).toMatchObject({ deadLettered: codecs.length * refused, gaps: 0, duplicates: 0 });
    expect(await place.count('dead_letters')).toBe(codecs.length * refused);
  });
});

describe('dead letters that have nowhere to go', () => {
  it('hold landing before the bad record, and nothing is lost once their topic is there again', async () => {
    place = await faultPlace(1);
    const host = await place.host([landingRole]);
    await send(5);
    await place.settled((ledger) => expect(ledger).toMatchObject({ landed: 5, lag: 0 }));
    await place.admin.deleteTopics(['agent.dead-letters']);
    const producer = await place.log().producer();
    await producer.send('agent.events', [{ key: 'bad', value: Buffer.from('not avro') }, goodRecord('after')]);
    await producer.close();
    await expect(host.done).rejects.toMatchObject({
      code: expect.stringMatching(/WK_NO_TOPIC|WK_LOG_REPLACED/) as string,
    });
    expect((await place.admin.committed('landing.events', 'agent.events')).get(0)?.offset).toBe(5);
    await makeAnew('agent.dead-letters');
    await beginNewLives(place);
    await place.host([landingRole]);
    const clean = await place.settled((ledger) => expect(ledger).toMatchObject({ landed: 7, lag: 0 }));
    expect(clean).toMatchObject(NOTHING_WRONG);
    expect(await place.count(`dead_letters WHERE source_offset = 5`)).toBe(1);
  });
});

describe('too many bad records', () => {
  it('stop landing with a sentence and a code, nothing of them is passed over, and ACCEPT_BAD goes on', async () => {
    place = await faultPlace(1);
    let lateMs = 0;
    const clock = { nowMs: () => Date.now() + lateMs, nowMicros: () => (Date.now() + lateMs) * 1_000 };
    const host = await place.host([landingRole], {}, { clock });
    const producer = await place.log().producer();
    const bad = Array.from({ length: 600 }, (_, i) => ({ key: String(i), value: Buffer.from('not avro') }));
    await producer.send('agent.events', bad);
    await place.settled((ledger) => expect(ledger.partitions[0]).toMatchObject({ deadLettered: 600, lag: 0 }));
    lateMs = 61_000;
    await producer.send('agent.events', bad);
    await producer.close();
    await expect(host.done).rejects.toMatchObject({ code: 'WK_TOO_MANY_BAD', exitCode: 1 });
    expect((await place.admin.committed('landing.events', 'agent.events')).get(0)?.offset).toBe(600);
    await place.host([landingRole], { ACCEPT_BAD: 'true' });
    const all = await place.settled((ledger) =>
      expect(ledger.partitions[0]).toMatchObject({ deadLettered: 1200, lag: 0 }),
    );
    expect(isClean(all)).toBe(true);
  });
});
