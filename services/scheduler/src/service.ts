// The role: jobs that must run once in the fleet, on whoever holds the single partition of watchkeeper.once.

import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import {
  clickhouseTls,
  defineRole,
  perBlock,
  type Lane,
  type PartitionWorker,
  type RoleContext,
} from '@watchkeeper/runtime';
import cron from 'node-cron';
import { z } from 'zod';
import { auditLedger, type AuditOptions } from './audit.js';
import { clickhouseNotSet } from './errors.js';
import { reportLedger, type AuditScope } from './report.js';

export const schedulerSettings = z.object({
  SCHEDULER_LEDGER_CRON: z
    .string()
    .default('* * * * *')
    .refine((expression) => cron.validate(expression), 'must be a cron expression of five or six fields')
    .describe('When what the last hours brought is audited, UTC.'),
  SCHEDULER_LEDGER_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .default(2)
    .describe('How many of the last hours that audit looks at.'),
  SCHEDULER_LEDGER_ALL_CRON: z
    .string()
    .default('20 3 * * *')
    .refine((expression) => cron.validate(expression), 'must be a cron expression of five or six fields')
    .describe('When everything that is kept is audited, rollups key by key, UTC.'),
  SCHEDULER_ROLLUP_PAUSE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(10_000)
    .describe(
      'How long a rollup that differs is left before the next look: a block that is tried again after a fault is between its table and its views for seconds.',
    ),
});

type Settings = z.output<typeof schedulerSettings>;

const DONE = { kind: 'done' } as const;

const HOUR_MS = 3_600_000;
/** The nightly audit reads a store whole. */
const AUDIT_TIMEOUT_MS = 600_000;

function lane(settings: Settings, context: RoleContext, options: AuditOptions): Lane {
  async function audit(scope: AuditScope): Promise<void> {
    const { signal } = context;
    const sinceMs = context.clock.nowMs() - settings.SCHEDULER_LEDGER_HOURS * HOUR_MS;
    const rollups = { pauseMs: settings.SCHEDULER_ROLLUP_PAUSE_MS, signal };
    try {
      const ledger = await auditLedger({ ...options, rollups, ...(scope === 'recent' ? { sinceMs } : {}) });
      // What was cut short by the stop was not looked at often enough.
      if (!signal.aborted) reportLedger(ledger, scope, context.metrics, context.logger);
    } catch (error) {
      context.metrics.count('jobRuns', { job: scope === 'all' ? 'ledger-all' : 'ledger', outcome: 'failed' });
      context.logger.error({ err: error, scope }, 'the ledger audit failed; it runs again at the next time');
    }
  }
  return {
    name: '',
    topics: ['watchkeeper.once'],
    fetch: { maxWaitMs: 1_000, partitionsAtOnce: 1 },
    open() {
      const tasks = [
        cron.schedule(settings.SCHEDULER_LEDGER_CRON, () => audit('recent'), { timezone: 'UTC', noOverlap: true }),
        cron.schedule(settings.SCHEDULER_LEDGER_ALL_CRON, () => audit('all'), { timezone: 'UTC', noOverlap: true }),
      ];
      const worker: PartitionWorker = {
        // Nothing is written to the topic; a stray record is passed.
        onBatch: () => Promise.resolve(DONE),
        async close() {
          for (const task of tasks) await task.destroy();
        },
      };
      return Promise.resolve(worker);
    },
  };
}

/** Audits the ledger by the clock, once in the fleet: gauges watchkeeper_ledger_gaps, _duplicates, _beyond_end and watchkeeper_rollup_faults. */
export const schedulerRole = defineRole({
  name: 'scheduler',
  settings: schedulerSettings,
  settingsPrefix: 'SCHEDULER_',
  reads: [],
  process: (settings) => {
    let close: (() => Promise<void>) | undefined;
    return perBlock({
      lanes(context) {
        const {
          CLICKHOUSE_URL: url,
          CLICKHOUSE_USER,
          CLICKHOUSE_PASSWORD,
          CLICKHOUSE_DATABASE,
          TOPIC_PREFIX,
        } = context.settings;
        if (url === undefined) throw clickhouseNotSet();
        const tls = clickhouseTls(context.settings);
        const client = createClient({
          url,
          ...(tls && { tls }),
          username: CLICKHOUSE_USER,
          password: CLICKHOUSE_PASSWORD,
          application: 'watchkeeper',
          request_timeout: AUDIT_TIMEOUT_MS,
          // A failed audit is logged by the job.
          log: { level: ClickHouseLogLevel.OFF },
        });
        close = () => client.close();
        const { admin } = context;
        return [lane(settings, context, { client, admin, database: CLICKHOUSE_DATABASE, topicPrefix: TOPIC_PREFIX })];
      },
      close: async () => close?.(),
    });
  },
});
