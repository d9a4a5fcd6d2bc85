// How a lane's consumer is set up in kafkajs' terms.

import type { ConsumerConfig } from 'kafkajs';
import type { ConsumeOptions } from '../contract.js';
import { fetchSettings } from '../fetch-settings.js';
import { copartitionedAssigner } from './assigner.js';
import type { KafkaOptions } from './client.js';

/** A process that was killed holds its partitions up for so long. */
const SESSION_MS = 15_000;
const REBALANCE_MS = 60_000;
/** Bytes of one fetch over all partitions: kafkajs decodes the whole fetch into objects at once. */
const FETCH_BYTES = 8 * 1024 * 1024;

export function sessionTimeoutMs(options: KafkaOptions): number {
  return options.sessionTimeoutMs ?? SESSION_MS;
}

/** `held` gives the partition numbers that this member holds, `mayRestart` whether kafkajs may start again after an outage. */
export function consumerConfig(
  options: KafkaOptions,
  { group, lane }: ConsumeOptions,
  member: { held: () => readonly number[]; mayRestart: () => boolean },
): ConsumerConfig {
  const fetch = fetchSettings(lane.fetch);
  const sessionTimeout = sessionTimeoutMs(options);
  return {
    groupId: options.prefix + group,
    sessionTimeout,
    rebalanceTimeout: options.rebalanceTimeoutMs ?? REBALANCE_MS,
    heartbeatInterval: Math.max(200, Math.min(3_000, Math.floor(sessionTimeout / 10))),
    minBytes: fetch.minBytes,
    maxBytes: Math.max(FETCH_BYTES, fetch.maxBytesPerPartition),
    maxBytesPerPartition: fetch.maxBytesPerPartition,
    maxWaitTimeInMs: fetch.maxWaitMs,
    allowAutoTopicCreation: false,
    partitionAssigners: [copartitionedAssigner(member.held)],
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 5_000,
      retries: 8,
      restartOnFailure: () => Promise.resolve(member.mayRestart()),
    },
  };
}
