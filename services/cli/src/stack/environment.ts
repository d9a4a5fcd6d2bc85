// The environment that a stack gives its roles, and the names of a stack's data.

import type { Backends } from './backends.js';

/** Where a fleet's data lies: a prefix on topics and groups, and a database. */
export interface Place {
  readonly topicPrefix: string;
  readonly database: string;
}

/** The place that the environment names; the plain one by default. */
export function placeOf(env: NodeJS.ProcessEnv): Place {
  return { topicPrefix: env['TOPIC_PREFIX'] ?? '', database: env['CLICKHOUSE_DATABASE'] ?? 'watchkeeper' };
}

/** The variables that lead a role to these backends and this place. */
export function roleEnvironment(backends: Backends, place: Place): Record<string, string> {
  return {
    KAFKA_BROKERS: backends.brokers,
    CLICKHOUSE_URL: backends.clickhouseUrl,
    TOPIC_PREFIX: place.topicPrefix,
    CLICKHOUSE_DATABASE: place.database,
  };
}
