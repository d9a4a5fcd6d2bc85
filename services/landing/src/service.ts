// The role: every topic into ClickHouse, big blocks for events and measures, short linger for what people wait for.

import { clickhouseTls, defineRole, flag, perBlock, topic, type Lane, type RoleContext } from '@watchkeeper/runtime';
import { fullView } from '@watchkeeper/schemas';
import { z } from 'zod';
import { clickhouseStore, openClickHouse } from './clickhouse.js';
import { clickhouseNotSet } from './errors.js';
import { laneOf } from './lane.js';
import { openTopicLives } from './log-life.js';
import { migrate } from './migrate.js';
import { clickhouseReadBack } from './read-back.js';
import { TARGETS } from './targets.js';
import { ttlSettings } from './ttl.js';

const MEBI = 1024 * 1024;
/**
 * 50,000 rows of 570 bytes. glibc maps what is larger than 32 MB anew each time, and every page of it costs a fault: a fetch or a container of that
 * size takes ten times as long to fill as one a little below.
 */
const BLOCK_BYTES = 28 * MEBI;
/** Reading back what an interrupted block touched may look at a month of events: seldom, and never to be cut off for ever. */
const READ_BACK_TIMEOUT_MS = 300_000;

export const landingSettings = z.object({
  LANDING_BLOCK_ROWS: z.coerce.number().int().min(1).max(500_000).default(50_000).describe('Most rows of one insert.'),
  LANDING_BLOCK_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(256 * MEBI)
    .default(BLOCK_BYTES)
    .describe('Most bytes of one insert; also what is fetched of a partition at once.'),
  LANDING_LINGER_MS: z.coerce
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(2_000)
    .describe('How long events, measures and dead letters wait for company.'),
  LANDING_SPACING_MS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe('Blocks of detections, alerts and orders begin this far apart; what comes meanwhile lands together.'),
  LANDING_MIN_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(256 * MEBI)
    .default(8 * MEBI)
    .describe('A fetch of events that has so many bytes waits no longer.'),
  LANDING_PARTITIONS_AT_ONCE: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(2)
    .describe('Inserts of events at the same time.'),
  LANDING_INSERT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(120_000)
    .default(20_000)
    .describe('An insert without an answer for so long is tried again; keep it below the session timeout.'),
  LANDING_MIGRATE: flag().default(true).describe('Bring the tables up to date at the start.'),
  CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional()
    .describe('Name of a ClickHouse cluster: tables are replicated on it.'),
  ...ttlSettings.shape,
});

type Settings = z.output<typeof landingSettings>;

async function lanes(
  settings: Settings,
  context: RoleContext,
  opened: (close: () => Promise<void>) => void,
): Promise<Lane[]> {
  const {
    CLICKHOUSE_URL: url,
    CLICKHOUSE_USER: user,
    CLICKHOUSE_PASSWORD: password,
    CLICKHOUSE_DATABASE: database,
  } = context.settings;
  if (url === undefined) throw clickhouseNotSet();
  const access = { url, user, password, tls: clickhouseTls(context.settings) };
  const client = openClickHouse({ ...access, requestTimeoutMs: settings.LANDING_INSERT_TIMEOUT_MS });
  const patient = openClickHouse({ ...access, requestTimeoutMs: READ_BACK_TIMEOUT_MS });
  opened(async () => {
    await client.close();
    await patient.close();
  });
  if (settings.LANDING_MIGRATE) {
    const { applied, ttlChanged } = await migrate(client, {
      database,
      cluster: settings.CLICKHOUSE_CLUSTER,
      ttl: settings,
    });
    if (applied.length + ttlChanged.length > 0)
      context.logger.info({ applied, ttlChanged }, 'tables brought up to date');
  }
  const logIdOf = await openTopicLives({
    client,
    database,
    admin: context.admin,
    topicPrefix: context.settings.TOPIC_PREFIX,
    topics: TARGETS.map(({ topic: name }) => name),
  });
  const limits = { rows: settings.LANDING_BLOCK_ROWS, bytes: settings.LANDING_BLOCK_BYTES };
  const store = clickhouseStore(client, database, clickhouseReadBack({ client: patient, database }));
  const common = { context, database, logIdOf, limits, store };
  return [
    laneOf({
      ...common,
      name: 'events',
      targets: TARGETS.filter((target) => target.lane === 'events'),
      fetch: {
        minBytes: settings.LANDING_MIN_BYTES,
        maxWaitMs: settings.LANDING_LINGER_MS,
        maxBytesPerPartition: settings.LANDING_BLOCK_BYTES,
        partitionsAtOnce: settings.LANDING_PARTITIONS_AT_ONCE,
      },
      spacingMs: 0,
    }),
    laneOf({
      ...common,
      name: 'signals',
      targets: TARGETS.filter((target) => target.lane === 'signals'),
      fetch: {
        minBytes: 1,
        maxWaitMs: settings.LANDING_LINGER_MS,
        maxBytesPerPartition: MEBI,
        partitionsAtOnce: 2,
      },
      spacingMs: settings.LANDING_SPACING_MS,
    }),
  ];
}

/** Lands agent.events, .measures, .dead-letters, .detections, .alerts and .controls. Groups: landing.events and landing.signals. */
export const landingRole = defineRole({
  name: 'landing',
  settings: landingSettings,
  settingsPrefix: 'LANDING_',
  reads: TARGETS.map((target) => ({ topic: target.topic, view: fullView(target.schema) as never })),
  writes: topic('agent.dead-letters', 'DeadLetter'),
  process: (settings) => {
    let close: (() => Promise<void>) | undefined;
    return perBlock({
      lanes: (context) => lanes(settings, context, (closing) => (close = closing)),
      close: async () => close?.(),
    });
  },
});
