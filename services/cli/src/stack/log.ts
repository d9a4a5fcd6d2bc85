// The log of a place, for commands: adapters, and topics made.

import {
  ensureTopics,
  kafkaLog,
  readTopics,
  silentLogger,
  type LogAdapter,
  type TopicsReport,
} from '@watchkeeper/runtime';
import type { Place } from './environment.js';

export function logAt(brokers: string, place: Place): LogAdapter {
  return kafkaLog({
    brokers: brokers.split(','),
    clientId: 'watchkeeper-cli',
    prefix: place.topicPrefix,
    logger: silentLogger,
  });
}

/** Makes the topics that are not there yet, and says which differ from the list. */
export async function openTopics(brokers: string, place: Place): Promise<TopicsReport> {
  const admin = await logAt(brokers, place).admin();
  try {
    return await ensureTopics(admin, readTopics());
  } finally {
    await admin.close();
  }
}
