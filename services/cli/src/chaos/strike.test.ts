// A plan carried out: in time, one after the other where faults share a resource, and counted only with a proof.

import { describe, expect, it } from 'vitest';
import type { Hit, Injector } from './injectors/injector.js';
import type { Fault, FaultKind } from './plan.js';
import type { Rig } from './rig.js';
import { strikeAll } from './strike.js';

const fault = (kind: FaultKind, atSeconds: number, turn = 0): Fault => ({ kind, atSeconds, holdSeconds: 0, turn });
const rig = { signal: new AbortController().signal } as Rig;

function injector(kind: FaultKind, resource: string, inject: () => Promise<Hit>): [FaultKind, Injector] {
  return [kind, { kind, resource: () => resource, inject }];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a plan', () => {
  it('brings about faults of one resource one after the other, and others meanwhile', async () => {
    const order: string[] = [];
    const noting = (kind: FaultKind, resource: string, ms: number) =>
      injector(kind, resource, async () => {
        order.push(`${kind} begins`);
        await pause(ms);
        order.push(`${kind} ends`);
        return { proof: 'seen', endedMs: performance.now() };
      });
    const { recoveries } = await strikeAll({
      rig,
      faults: [fault('clickhouse-slow', 0), fault('clickhouse-cut', 0.01), fault('poison', 0.02)],
      injectors: new Map([
        noting('clickhouse-slow', 'requests', 120),
        noting('clickhouse-cut', 'requests', 1),
        noting('poison', 'records', 1),
      ]),
      lag: { recoveredSince: () => Promise.resolve(1) },
      say: () => undefined,
    });
    expect(await recoveries).toHaveLength(3);
    expect(order).toEqual([
      'clickhouse-slow begins',
      'poison begins',
      'poison ends',
      'clickhouse-slow ends',
      'clickhouse-cut begins',
      'clickhouse-cut ends',
    ]);
  });

  it('goes on where a fault cannot be brought about, and has no proof of it', async () => {
    const { recoveries } = await strikeAll({
      rig,
      faults: [fault('kill-broker', 0), fault('poison', 0)],
      injectors: new Map([
        injector('kill-broker', 'broker', () => Promise.reject(new Error('it does not start'))),
        injector('poison', 'records', () => Promise.resolve({ proof: 'seen', endedMs: 0 })),
      ]),
      lag: { recoveredSince: () => Promise.resolve(2) },
      say: () => undefined,
    });
    expect((await recoveries).map(({ fault: { kind }, proof }) => [kind, proof]).sort()).toEqual([
      ['kill-broker', undefined],
      ['poison', 'seen'],
    ]);
  });
});
