// Settings that every role has.

import { tmpdir } from 'node:os';
import { z } from 'zod';
import { accessSettings } from './access-settings.js';
import { flag } from './settings.js';

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

export const commonSettings = z.object({
  KAFKA_BROKERS: z
    .string()
    .transform(list)
    .refine(
      (brokers) =>
        brokers.length > 0 && brokers.every((broker) => /^[^\s:]+:\d+$|^\[[0-9a-fA-F:]+\]:\d+$/.test(broker)),
      'must be host:port, several parted by commas',
    )
    .describe('Kafka brokers, host:port, parted by commas.'),
  KAFKA_CLIENT_ID: z.string().default('watchkeeper').describe('The name this process gives itself towards Kafka.'),
  ...accessSettings.shape,
  KAFKA_COMPRESSION: z
    .enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    .default('none')
    .describe('Compression of what is produced. All of them can be read.'),
  KAFKA_SESSION_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(300_000)
    .default(15_000)
    .describe('A member that is silent for so long has its partitions given to others.'),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]*$/, 'may hold letters, digits, dots, dashes and underscores')
    .default('')
    .describe('Stands before every topic and group name, so that several fleets share a cluster.'),
  SCHEMA_REGISTRY_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('A Confluent-compatible registry; without it schema ids come from the catalogue.'),
  CLICKHOUSE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('ClickHouse over HTTP.'),
  CLICKHOUSE_USER: z.string().default('default').describe('User of ClickHouse.'),
  CLICKHOUSE_PASSWORD: z.string().default('').describe('Password of that user.'),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a plain name')
    .default('watchkeeper')
    .describe('Database of all tables.'),
  STATE_STORE: z
    .enum(['changelog', 'memory'])
    .default('changelog')
    .describe('Where detectors keep their state: in Kafka, or in memory alone (a restart then begins empty).'),
  CHECKPOINT_MS: z.coerce
    .number()
    .int()
    .min(10)
    .max(60_000)
    .default(5_000)
    .describe('From one checkpoint of a partition to the next, at least.'),
  STATE_MEMORY_MB: z.coerce
    .number()
    .positive()
    .max(1_048_576)
    .default(64)
    .describe('States that a role holds in memory, as written; the idlest beyond wait on disk.'),
  STATE_CACHE_DIR: z
    .string()
    .default(tmpdir())
    .describe("Folder of states that wait on disk; nothing stays there (default: the system's for temporary files)."),
  HTTP_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe('Port of /metrics, /healthz and /readyz; 0: none.'),
  HTTP_HOST: z.string().default('127.0.0.1').describe('Address that these are served on.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('The least level that is logged.'),
  SHUTDOWN_MS: z.coerce.number().int().min(100).max(600_000).default(25_000).describe('How long a stop may take.'),
  DEAD_LETTER_MAX_SHARE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('A role stops when more than this share of a partition is bad (over 1,000 records and 60 s).'),
  ACCEPT_BAD: flag().default(false).describe('Go on whatever the share of bad records.'),
  ACCEPT_GAP: flag().default(false).describe('Go on where retention removed records that were not read yet.'),
});

export type CommonSettings = z.output<typeof commonSettings>;
