// Changelogs on a real broker: partitions that grow, state that retention took, and state that was made of another topic.

import { landingRole } from '@watchkeeper/landing';
import { loopDetectorRole } from '@watchkeeper/loop-detector';
import { readTopics } from '@watchkeeper/runtime';
import { catalogueIds, encodeWire, tupleKey, writerTypes } from '@watchkeeper/schemas';
import kafkajs from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { compareDetections } from '../bench/compare.js';
import { judgeEvents, writtenDetections } from '../bench/reference.js';
import { openSql } from '../clickhouse.js';
import { anEvent } from '../chaos/bad-records.js';
import { waitFor } from '../stack/wait.js';
import { faultPlace, NOTHING_WRONG, type FaultPlace } from './fault-place.testing.js';
import { growTopic } from './grow.js';

const EVENTS = 'agent.events';
const CHANGELOG = 'loop-detector.agent.events.changelog';
const SESSIONS = Array.from({ length: 24 }, (_, i) => `session-${i}`);

let place: FaultPlace;
afterEach(() => place.close());

/** Steps `from` to `to` of every session, all alike: a loop from the fourth on. */
async function steps(from: number, to: number): Promise<void> {
  const producer = await place.log().producer();
  const records = SESSIONS.flatMap((session) =>
    Array.from({ length: to - from }, (_, i) => ({
      key: tupleKey('acme', session),
      value: encodeWire(
        catalogueIds().idOf('AgentEvent'),
        writerTypes.AgentEvent,
        anEvent({ session_id: session, seq: from + i, event_id: `${session}-${from + i}` }),
      ),
    })),
  );
  await producer.send(EVENTS, records);
  await producer.close();
}

async function judged(): Promise<void> {
  const done = await waitFor(async () => {
    const [ranges, committed] = await Promise.all([
      place.admin.ranges(EVENTS),
      place.admin.committed('loop-detector', EVENTS),
    ]);
    return ranges.every(({ partition, end }) => end === 0 || committed.get(partition)?.offset === end);
  }, 60_000);
  expect(done).toBe(true);
}

const kafkaAdmin = async (work: (admin: kafkajs.Admin) => Promise<unknown>): Promise<void> => {
  const admin = new kafkajs.Kafka({ brokers: [...place.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await work(admin).finally(() => admin.disconnect());
};

/** Somebody lets the changelog be deleted from its beginning, and retention has come. */
async function takeBelow(offsetOf: (partition: number) => number): Promise<void> {
  const name = place.topicPrefix + CHANGELOG;
  await kafkaAdmin(async (admin) => {
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name,
          configEntries: [{ name: 'cleanup.policy', value: 'compact,delete' }],
        },
      ],
    });
    const ranges = await admin.fetchTopicOffsets(name);
    const partitions = ranges.map(({ partition }) => ({ partition, offset: String(offsetOf(partition)) }));
    // The broker takes over a topic's new settings a moment later.
    const taken = await waitFor(
      () =>
        admin.deleteTopicRecords({ topic: name, partitions }).then(
          () => true,
          () => false,
        ),
      20_000,
    );
    expect(taken).toBe(true);
  });
}

describe('a topic that grows', () => {
  it('keeps state where it is, and gives the detections of a re-read', async () => {
    place = await faultPlace(2);
    const first = await place.host([landingRole, loopDetectorRole]);
    await steps(0, 10);
    await judged();
    await expect(growTopic(place.admin, EVENTS, 4)).rejects.toMatchObject({ code: 'WK_GROUP_BUSY' });
    await first.stop();
    await expect(growTopic(place.admin, EVENTS, 2)).rejects.toMatchObject({ code: 'WK_BAD_OPTION' });
    // Broken off after the first of two: a role does not start until the same command has gone to its end.
    await place.admin.growTopic(CHANGELOG, 4);
    await expect(place.host([loopDetectorRole])).rejects.toMatchObject({ code: 'WK_PARTITIONS_DIFFER' });
    const grown = await growTopic(place.admin, EVENTS, 4);
    expect(grown.map(({ topic }) => topic).sort()).toEqual(
      [EVENTS, 'drift-detector.agent.events.changelog', 'meter.agent.events.changelog'].sort(),
    );
    await steps(10, 24);
    await place.host([landingRole, loopDetectorRole]);
    await judged();
    const clean = await place.settled((ledger) => expect(ledger).toMatchObject({ lag: 0 }));
    expect(clean).toMatchObject(NOTHING_WRONG);
    expect(clean.partitions.filter(({ topic }) => topic === EVENTS)).toHaveLength(4);
    const sql = openSql({ url: place.clickhouseUrl, database: place.database });
    const site = { place, log: place.log(), admin: place.admin, sql };
    const expected = (await judgeEvents(site, new Map())).detections.where(
      ({ detector }) => detector === 'loop-detector',
    );
    const {
      missing,
      unexpected,
      different,
      expected: count,
    } = compareDetections(expected, await writtenDetections(site));
    await sql.close();
    expect({ missing, unexpected, different }).toEqual({ missing: [], unexpected: [], different: [] });
    expect(count).toBeGreaterThanOrEqual(SESSIONS.length);
  });
});

describe('a changelog that was cut', () => {
  it('stops the detector whether all of its state is gone or some, until a person goes on without', async () => {
    place = await faultPlace(1);
    const first = await place.host([loopDetectorRole]);
    await steps(0, 3);
    await judged();
    await first.stop();
    // All but the partition's own record, which is the last of a checkpoint.
    let last = 0;
    for await (const { records } of place.log().readToEnd(CHANGELOG, 0)) last = records.at(-1)?.offset ?? last;
    await takeBelow(() => last);
    await expect(place.host([loopDetectorRole])).rejects.toMatchObject({
      code: 'WK_STATE_INCOMPLETE',
      message: expect.stringContaining(`0 of ${SESSIONS.length} keys`) as string,
    });
    await takeBelow(() => last + 1);
    await expect(place.host([loopDetectorRole])).rejects.toMatchObject({
      code: 'WK_STATE_INCOMPLETE',
      message: expect.stringContaining('no checkpoint') as string,
    });
    const second = await place.host([loopDetectorRole], { ACCEPT_GAP: 'true' });
    await steps(3, 6);
    await judged();
    await second.stop();
    // From now on there is a whole checkpoint again.
    const third = await place.host([loopDetectorRole]);
    await third.stop();
  });
});

describe('state of another topic', () => {
  it('is not gone on from, also where the new one is longer than the old one was', async () => {
    place = await faultPlace(1);
    const first = await place.host([loopDetectorRole]);
    await steps(0, 2);
    await judged();
    await first.stop();
    await place.admin.deleteTopics([EVENTS]);
    await waitFor(async () => !(await place.admin.topics()).has(EVENTS), 20_000);
    await place.admin.createTopics([{ ...readTopics().find(({ name }) => name === EVENTS)!, partitions: 1 }]);
    await steps(0, 12);
    // Kafka forgets what groups had committed of a topic that is deleted: all is judged anew, from the beginning.
    await place.host([loopDetectorRole]);
    await judged();
    const sql = openSql({ url: place.clickhouseUrl, database: place.database });
    const site = { place, log: place.log(), admin: place.admin, sql };
    const wanted = (await judgeEvents(site, new Map())).detections.where(
      ({ detector }) => detector === 'loop-detector',
    );
    const { missing, expected } = compareDetections(wanted, await writtenDetections(site));
    await sql.close();
    expect(missing).toEqual([]);
    expect(expected).toBeGreaterThan(0);
  });
});
