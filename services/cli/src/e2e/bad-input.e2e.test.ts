// What a fleet's worst emitters send, through every role at once: each record lands or is a dead letter, and no role ends.

import { badRecords, goodRecord } from '../chaos/bad-records.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logAt } from '../stack/log.js';
import { newWorld, type World } from './harness.js';
import type { RoleProcess } from '../stack/role-processes.js';

describe('bad input through every role', () => {
  let world: World;
  let roles: RoleProcess[];
  beforeAll(async () => {
    world = await newWorld();
    roles = await world.start();
  });
  afterAll(() => world.close());

  it('lands or dead-letters each record, keeps its neighbours, and leaves every role running', async () => {
    const bad = badRecords();
    const records = bad.flatMap(({ value }, i) => [
      goodRecord(`before-${i}`),
      { key: 'bad', value },
      goodRecord(`after-${i}`),
    ]);
    const producer = await logAt(world.backends.brokers, world.place).producer();
    await producer.send('agent.events', records);
    await producer.close();
    await world.drained(0);
    const letters = await world.sql.rows<{ reason: string }>('SELECT reason FROM dead_letters');
    const refused = bad.filter(({ lands }) => !lands);
    expect(letters).toHaveLength(refused.length);
    expect(letters.map((letter) => letter.reason).sort()).toEqual(refused.map(({ reason }) => reason).sort());
    const [events] = await world.sql.rows<{ n: string }>('SELECT count() AS n FROM events');
    expect(Number(events?.n)).toBe(records.length - refused.length);
    const ledger = await world.ledger();
    expect({ gaps: ledger.gaps, duplicates: ledger.duplicates }).toEqual({ gaps: 0, duplicates: 0 });
    for (const role of roles) expect(() => process.kill(role.pid, 0)).not.toThrow();
  });
});
