// LogAdmin over kafkajs.

import kafkajs, { type AclEntry, type Kafka } from 'kafkajs';
import type { AclGrant, Commit, LogAdmin, PartitionRange, TopicSpec } from '../contract.js';
import { noLeader, noTopic } from '../errors.js';
import { sleep } from '../sleep.js';
import { connect, type KafkaOptions } from './client.js';
import { clusterOf, type Cluster } from './cluster.js';
import { isAlreadyThere, isUnknownGroup, isUnknownTopic } from './faults.js';
import { topicId } from './topic-life.js';

/** How long a new topic may take to get leaders. */
const LEADERS_MS = 20_000;

export async function kafkaAdmin(kafka: Kafka, options: KafkaOptions): Promise<LogAdmin> {
  const { prefix } = options;
  const admin = kafka.admin();
  await connect(admin, options);
  let cluster: Cluster | undefined;

  /** Any broker knows; the leader of a topic that was deleted meanwhile would not be found. */
  async function brokerFor(topic: string) {
    if (!cluster) {
      const opened = clusterOf(kafka);
      await connect(opened, options);
      cluster = opened;
    }
    await cluster.addTargetTopic(topic);
    return cluster.findBroker({ nodeId: cluster.getNodeIds()[0] ?? '' });
  }

  async function topics(): Promise<Map<string, number>> {
    const { topics: all } = await admin.fetchTopicMetadata();
    return new Map(
      all
        .filter(({ name }) => name.startsWith(prefix) && !name.startsWith('__'))
        .map(({ name, partitions }) => [name.slice(prefix.length), partitions.length]),
    );
  }

  /** kafkajs' own wait (waitForLeaders) throws where the metadata lags behind the creation. */
  async function untilLed(names: readonly string[]): Promise<void> {
    const deadlineMs = performance.now() + LEADERS_MS;
    for (;;) {
      const { topics: all } = await admin.fetchTopicMetadata();
      const led = new Set(
        all.filter(({ partitions }) => partitions.every(({ leader }) => leader >= 0)).map(({ name }) => name),
      );
      const missing = names.filter((name) => !led.has(name));
      if (missing.length === 0) return;
      if (performance.now() > deadlineMs) throw noLeader(missing);
      await sleep(50);
    }
  }

  return {
    topics,
    clusterId: async () => (await admin.describeCluster()).clusterId,

    async lifeOf(topic) {
      try {
        return await topicId(await brokerFor(prefix + topic), prefix + topic);
      } catch (error) {
        throw isUnknownTopic(error) ? noTopic(prefix + topic) : error;
      }
    },

    async createTopics(specs: readonly TopicSpec[]) {
      const there = await topics();
      const missing = specs.filter(({ name }) => !there.has(name));
      if (missing.length === 0) return;
      try {
        await admin.createTopics({
          waitForLeaders: false,
          topics: missing.map(({ name, partitions, config }) => ({
            topic: prefix + name,
            numPartitions: partitions,
            // The broker's default, so that one node and a cluster are both served.
            replicationFactor: -1,
            configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
          })),
        });
      } catch (error) {
        if (!isAlreadyThere(error)) throw error;
      }
      await untilLed(missing.map(({ name }) => prefix + name));
    },

    async topicConfig(topic) {
      try {
        const { resources } = await admin.describeConfigs({
          includeSynonyms: false,
          resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: prefix + topic }],
        });
        return Object.fromEntries(
          (resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]),
        );
      } catch (error) {
        if (isUnknownTopic(error)) return undefined;
        throw error;
      }
    },

    async growTopic(topic, partitions) {
      await admin.createPartitions({ topicPartitions: [{ topic: prefix + topic, count: partitions }] });
    },

    async deleteTopics(names) {
      if (names.length > 0) await admin.deleteTopics({ topics: names.map((name) => prefix + name) });
    },

    async ranges(topic): Promise<PartitionRange[]> {
      try {
        const offsets = await admin.fetchTopicOffsets(prefix + topic);
        return offsets
          .map(({ partition, low, high }) => ({ partition, begin: Number(low), end: Number(high) }))
          .sort((a, b) => a.partition - b.partition);
      } catch (error) {
        if (isUnknownTopic(error)) throw noTopic(prefix + topic);
        throw error;
      }
    },

    async offsetsAt(topic, timestampMs): Promise<Map<number, number>> {
      try {
        const offsets = await admin.fetchTopicOffsetsByTimestamp(prefix + topic, timestampMs);
        return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
      } catch (error) {
        if (isUnknownTopic(error)) throw noTopic(prefix + topic);
        throw error;
      }
    },

    async committed(group, topic): Promise<Map<number, Commit>> {
      const [found] = await admin.fetchOffsets({ groupId: prefix + group, topics: [prefix + topic] });
      const commits = new Map<number, Commit>();
      for (const { partition, offset, metadata } of found?.partitions ?? []) {
        if (Number(offset) >= 0) commits.set(partition, { offset: Number(offset), metadata: metadata ?? '' });
      }
      return commits;
    },

    async grant(grants) {
      if (grants.length > 0) await admin.createAcls({ acl: grants.map((grant) => aclOf(grant, prefix)) });
    },

    async members(group) {
      const { groups } = await admin.describeGroups([prefix + group]);
      return groups[0]?.members.length ?? 0;
    },

    async rewind(group, topic) {
      const partitions = (await admin.fetchTopicOffsets(prefix + topic)).map(({ partition, low }) => ({
        partition,
        offset: low,
      }));
      await admin.setOffsets({ groupId: prefix + group, topic: prefix + topic, partitions });
    },

    async forgetGroup(group) {
      try {
        await admin.deleteGroups([prefix + group]);
      } catch (error) {
        if (!isUnknownGroup(error)) throw error;
      }
    },

    async close() {
      await Promise.all([admin.disconnect(), cluster?.disconnect()]);
    },
  };
}

function aclOf({ user, resource, name, operation }: AclGrant, prefix: string): AclEntry {
  const { AclResourceTypes: types, AclOperationTypes: operations, ResourcePatternTypes: patterns } = kafkajs;
  return {
    principal: `User:${user}`,
    host: '*',
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
    operation: { read: operations.READ, write: operations.WRITE, describe: operations.DESCRIBE }[operation],
    resourceType: { topic: types.TOPIC, group: types.GROUP, transactions: types.TRANSACTIONAL_ID }[resource],
    resourceName: prefix + name,
    resourcePatternType: resource === 'transactions' ? patterns.PREFIXED : patterns.LITERAL,
  };
}
