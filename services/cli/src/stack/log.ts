// The log of a place, for commands: adapters, and topics made.

import {
  accessSettings,
  ensureTopics,
  kafkaAccess,
  kafkaLog,
  loadSettings,
  readTopics,
  silentLogger,
  type LogAdapter,
  type TopicsReport,
} from '@watchkeeper/runtime';
import type { Place } from './environment.js';

/** Logs in as the environment says. Throws WK_SETTINGS. */
export function logAt(brokers: string, place: Place, env: NodeJS.ProcessEnv = process.env): LogAdapter {
  return kafkaLog({
    brokers: brokers.split(','),
    clientId: 'watchkeeper-cli',
    prefix: place.topicPrefix,
    access: kafkaAccess(loadSettings(accessSettings, env)),
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
