// A log in memory that keeps the adapter laws: for fast tests of roles, and for judging a log without a broker.

import type { ConsumeOptions, LogAdapter, LogRecord, OutgoingRecord, PartitionRange, TopicSpec } from './contract.js';
import { fenced, noTopic } from './errors.js';
import { MemoryGroup } from './memory-group.js';
import type { MemoryPartition } from './memory-member.js';

export interface MemoryLogOptions {
  /** Name to number of partitions. */
  readonly topics: Readonly<Record<string, number>>;
  /** LogAppendTime; default: the system's clock. */
  readonly nowMs?: () => number;
  readonly sessionTimeoutMs?: number;
  /** How long a rebalance waits for a batch at hand; default 60,000. */
  readonly rebalanceTimeoutMs?: number;
  /** Records per batch at most; default 1,000. */
  readonly maxBatch?: number;
}

export interface MemoryLog extends LogAdapter {
  /** A partition's records, for a test to look at. */
  records(topic: string, partition?: number): readonly LogRecord[];
  /** Appends as a producer would; by partition or by a hash of the key. */
  append(topic: string, records: readonly OutgoingRecord[]): void;
  /** Retention: drops what lies below `offset`. */
  dropBelow(topic: string, partition: number, offset: number): void;
  /** Resolves when `group` has committed the end of every partition of `topic`. */
  drained(group: string, topic: string): Promise<void>;
}

export function memoryLog(options: MemoryLogOptions): MemoryLog {
  const nowMs = options.nowMs ?? Date.now;
  const topics = new Map<string, MemoryPartition[]>();
  const lives = new Map<string, string>();
  const configs = new Map<string, Readonly<Record<string, string>>>();
  const groups = new Map<string, MemoryGroup>();
  /** Transactional id → how often it was opened. */
  const epochs = new Map<string, number>();
  const watchers = new Set<() => void>();
  let roundRobin = 0;
  let begun = 0;

  const changed = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  const partitionsOf = (topic: string): MemoryPartition[] => {
    const partitions = topics.get(topic);
    if (!partitions) throw noTopic(topic);
    return partitions;
  };
  const create = ({ name, partitions, config }: TopicSpec): void => {
    if (topics.has(name)) return;
    topics.set(
      name,
      Array.from({ length: partitions }, () => ({ records: [], begin: 0 })),
    );
    configs.set(name, config);
    lives.set(name, `life ${++begun}`);
  };
  for (const [name, partitions] of Object.entries(options.topics)) create({ name, partitions, config: {} });

  function append(topic: string, records: readonly OutgoingRecord[]): void {
    const partitions = partitionsOf(topic);
    for (const record of records) {
      const key = record.key === null ? null : Buffer.from(record.key);
      const target = partitions[record.partition ?? (key ? hash(key) : roundRobin++) % partitions.length];
      if (!target) throw new RangeError(`${topic} has no partition ${String(record.partition)}`);
      const headers = Object.fromEntries(
        Object.entries(record.headers ?? {}).map(([name, value]) => [name, Buffer.from(value)]),
      );
      target.records.push({
        offset: target.begin + target.records.length,
        timestampMs: nowMs(),
        key,
        value: record.value,
        headers,
      });
    }
    changed();
  }

  const rangesOf = (topic: string): PartitionRange[] =>
    partitionsOf(topic).map(({ begin, records }, partition) => ({ partition, begin, end: begin + records.length }));

  function groupOf(name: string): MemoryGroup {
    let group = groups.get(name);
    if (!group) {
      group = new MemoryGroup({
        partitionsOf,
        lifeOf: (topic) => lives.get(topic),
        watchers,
        changed,
        sessionTimeoutMs: options.sessionTimeoutMs ?? 30_000,
        rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 60_000,
        maxBatch: options.maxBatch ?? 1_000,
      });
      groups.set(name, group);
    }
    return group;
  }

  const allCommitted = (group: string, topic: string): boolean =>
    rangesOf(topic).every(
      ({ partition, begin, end }) => end === begin || groupOf(group).committed(topic, partition)?.offset === end,
    );

  return {
    append,
    records: (topic, partition) =>
      partition === undefined
        ? partitionsOf(topic).flatMap((one) => one.records)
        : (partitionsOf(topic)[partition]?.records ?? []),
    dropBelow(topic, partition, offset) {
      const target = partitionsOf(topic)[partition];
      if (!target) return;
      target.records.splice(0, Math.max(0, offset - target.begin));
      target.begin = Math.max(target.begin, offset);
    },
    drained: (group, topic) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!allCommitted(group, topic)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    async transactor(id) {
      const epoch = (epochs.get(id) ?? 0) + 1;
      epochs.set(id, epoch);
      await Promise.resolve();
      return {
        async transact(topic, chunks, { group, topic: source, partition, nextOffset }) {
          const records = [...chunks].flat();
          await Promise.resolve();
          if (epochs.get(id) !== epoch) throw fenced(`transactional id ${id}`);
          append(topic, records);
          groupOf(group).commit(source, partition, { offset: nextOffset, metadata: '' });
        },
        async appendTo(appends) {
          await Promise.resolve();
          if (epochs.get(id) !== epoch) throw fenced(`transactional id ${id}`);
          for (const { topic, records } of appends) append(topic, records);
        },
        // Here transactions happen at once: none stands open.
        settle: () => Promise.resolve(),
        close: () => Promise.resolve(),
      };
    },
    async *readToEnd(topic, partition) {
      const { records, begin } = partitionsOf(topic)[partition] ?? { records: [], begin: 0 };
      await Promise.resolve();
      const end = begin + records.length;
      yield { topic, partition, records: [...records], nextOffset: end, highWatermark: end };
    },
    consume: (consume: ConsumeOptions) => groupOf(consume.group).join(consume),
    producer: () =>
      Promise.resolve({
        send: async (topic, records) => {
          await Promise.resolve();
          append(topic, records);
        },
        partitionsOf: async (topic) => Promise.resolve(partitionsOf(topic).length),
        close: () => Promise.resolve(),
      }),
    admin: () =>
      Promise.resolve({
        clusterId: () => Promise.resolve('memory'),
        lifeOf: async (topic) => {
          partitionsOf(topic);
          return Promise.resolve(lives.get(topic));
        },
        topics: () => Promise.resolve(new Map([...topics].map(([name, partitions]) => [name, partitions.length]))),
        createTopics: async (specs) => {
          for (const spec of specs) create(spec);
          return Promise.resolve();
        },
        topicConfig: (topic) => Promise.resolve(configs.get(topic)),
        growTopic: async (topic, count) => {
          const partitions = partitionsOf(topic);
          while (partitions.length < count) partitions.push({ records: [], begin: 0 });
          return Promise.resolve();
        },
        deleteTopics: async (names) => {
          for (const name of names) {
            topics.delete(name);
            for (const group of groups.values()) group.forget(name);
          }
          return Promise.resolve();
        },
        ranges: async (topic) => Promise.resolve(rangesOf(topic)),
        offsetsAt: async (topic, timestampMs) =>
          Promise.resolve(
            new Map(
              partitionsOf(topic).map(({ begin, records }, partition) => {
                const at = records.findIndex((record) => record.timestampMs >= timestampMs);
                return [partition, begin + (at < 0 ? records.length : at)];
              }),
            ),
          ),
        committed: (group, topic) => Promise.resolve(groupOf(group).commitsOf(topic)),
        // There are no users here.
        grant: () => Promise.resolve(),
        members: (group) => Promise.resolve(groupOf(group).size),
        rewind: async (group, topic) => {
          for (const { partition, begin } of rangesOf(topic))
            groupOf(group).commit(topic, partition, { offset: begin, metadata: '' });
          return Promise.resolve();
        },
        forgetGroup: async (group) => {
          groups.delete(group);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      }),
  };
}

/** FNV-1a, 32 bits; not Kafka's murmur2: tests must not lean on which partition a key has. */
function hash(bytes: Buffer): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
