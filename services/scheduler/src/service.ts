// The role: jobs that must run once in the fleet, on whoever holds the single partition of watchkeeper.once.

import { createClient } from '@clickhouse/client';
import { defineRole, perBlock, type Lane, type PartitionWorker, type RoleContext } from '@watchkeeper/runtime';
import cron from 'node-cron';
import { z } from 'zod';
import { auditLedger, type AuditOptions } from './audit.js';
import { clickhouseNotSet } from './errors.js';
import { reportLedger } from './report.js';

export const schedulerSettings = z.object({
  SCHEDULER_LEDGER_CRON: z
    .string()
    .default('* * * * *')
    .refine((expression) => cron.validate(expression), 'must be a cron expression of five or six fields')
    .describe('When the ledger is audited, UTC.'),
  SCHEDULER_LEDGER_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .default(24)
    .describe('Rows this young are compared offset by offset; older ones by count.'),
});

type Settings = z.output<typeof schedulerSettings>;

const DONE = { kind: 'done' } as const;

function lane(settings: Settings, context: RoleContext, audit: AuditOptions): Lane {
  const job = async (): Promise<void> => {
    try {
      reportLedger(await auditLedger(audit), context.metrics, context.logger);
    } catch (error) {
      context.metrics.count('jobRuns', { job: 'ledger', outcome: 'failed' });
      context.logger.error({ error }, 'the ledger audit failed; it runs again at the next time');
    }
  };
  return {
    name: '',
    topics: ['watchkeeper.once'],
    fetch: { maxWaitMs: 1_000, partitionsAtOnce: 1 },
    open() {
      const task = cron.schedule(settings.SCHEDULER_LEDGER_CRON, job, { timezone: 'UTC', noOverlap: true });
      const worker: PartitionWorker = {
        // Nothing is written to the topic; a stray record is passed.
        onBatch: () => Promise.resolve(DONE),
        async close() {
          await task.destroy();
        },
      };
      return Promise.resolve(worker);
    },
  };
}

/** Audits the ledger by the clock, once in the fleet: gauges watchkeeper_ledger_gaps and _duplicates. */
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
        const client = createClient({
          url,
          username: CLICKHOUSE_USER,
          password: CLICKHOUSE_PASSWORD,
          application: 'watchkeeper',
        });
        close = () => client.close();
        const { admin } = context;
        const compareHours = settings.SCHEDULER_LEDGER_HOURS;
        return [
          lane(settings, context, {
            client,
            admin,
            database: CLICKHOUSE_DATABASE,
            topicPrefix: TOPIC_PREFIX,
            compareHours,
          }),
        ];
      },
      close: async () => close?.(),
    });
  },
});
