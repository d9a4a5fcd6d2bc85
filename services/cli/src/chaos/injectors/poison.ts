// The worst that emitters send, between good events.

import { badRecords } from '../bad-records.js';
import { waitFor } from '../../stack/wait.js';
import { WILD_PARTITION, type Injector } from './injector.js';

const LANDED_MS = 240_000;

export const poison: Injector = {
  kind: 'poison',
  resource: () => 'dead letters',
  async inject({ producer, sql }) {
    const bad = badRecords();
    const refused = bad.filter(({ lands }) => !lands).length;
    const letters = async (): Promise<number> => {
      const [row] = await sql
        .rows<{ n: string }>("SELECT count() AS n FROM dead_letters WHERE topic = 'agent.events'")
        .catch(() => []);
      return Number(row?.n ?? 0);
    };
    const before = await letters();
    await producer.send(
      'agent.events',
      bad.map(({ value }) => ({ key: 'bad', value, partition: WILD_PARTITION })),
    );
    const endedMs = performance.now();
    const there = await waitFor(async () => (await letters()) >= before + refused, LANDED_MS);
    return { proof: there ? `${refused} dead letters` : undefined, endedMs };
  },
};
