import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { isOutage } from './faults.js';
import { repairKafkajs } from './repairs.js';

interface Cluster {
  findGroupCoordinatorMetadata(group: object): Promise<unknown>;
}

const { prototype: cluster } = createRequire(import.meta.url)('kafkajs/src/cluster') as { prototype: Cluster };

it('takes a coordinator that no broker names for an outage, which passes', async () => {
  repairKafkajs();
  // What kafkajs gets of a pool whose every connection was reset.
  const unreachable = { brokerPool: { withBroker: () => Promise.resolve(undefined) } };
  const fault: unknown = await cluster.findGroupCoordinatorMetadata
    .call(unreachable as unknown as Cluster, { groupId: 'g' })
    .catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Error);
  expect(isOutage(fault)).toBe(true);
});
