// kafkajs' own cluster, below its clients: for what these have no way to ask.

import type { Kafka } from 'kafkajs';

export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;
const METADATA_MS = 300_000;

export interface PartitionAnswer {
  readonly partition: number;
  readonly highWatermark: string;
}

/** A request or an answer of a version that kafkajs does not know itself. */
export interface RawExchange<T> {
  readonly request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<object> };
  readonly response: { decode(raw: Buffer): Promise<T>; parse(decoded: T): Promise<T> };
}

export interface Broker {
  /** By API key. */
  readonly versions: Readonly<Record<number, { readonly maxVersion: number } | undefined>>;
  readonly connectionPool: { send<T>(exchange: RawExchange<T>): Promise<T> };
  fetch(request: object): Promise<{ responses: readonly { partitions: readonly PartitionAnswer[] }[] }>;
  listOffsets(request: object): Promise<{ responses: readonly { partitions: readonly { offset: string }[] }[] }>;
}

/** What of kafkajs' Cluster is used (2.2.4; the version is pinned). */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  getNodeIds(): readonly string[];
  addTargetTopic(topic: string): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly unknown[];
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, unknown>>;
  findBroker(of: { nodeId: string }): Promise<Broker>;
  fetchTopicsOffset(topics: object[]): Promise<{ partitions: { offset: string }[] }[]>;
}

/** The broker that leads a partition of a topic (its full name) that the cluster knows. */
export function leaderOf(cluster: Cluster, topic: string, partition: number): Promise<Broker> {
  const [nodeId = ''] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  return cluster.findBroker({ nodeId });
}

/** kafkajs keeps the maker of its clusters, with brokers, TLS and SASL as given, behind a symbol. */
export function clusterOf(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const makers = kafka as unknown as Record<symbol, ((options: object) => Cluster) | undefined>;
  const create = symbol && makers[symbol];
  if (!create) throw new TypeError('This is not kafkajs 2.2.4: its Kafka has no maker of clusters');
  return create({ metadataMaxAge: METADATA_MS, allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED });
}
