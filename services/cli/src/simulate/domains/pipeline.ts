// Data pipelines: tables, jobs, quality checks.

import { prose } from '../world/prose.js';
import type { Domain } from '../world/task.js';
import { NOUNS } from '../world/words.js';
import { commandReach, day, emailReach, query, subject, uploadReach } from './shared.js';

const TABLES =
  'orders clicks shipments payments sensors sessions returns tickets loads trips readings leads visits calls meters'.split(
    ' ',
  );

export const pipeline: Domain = {
  name: 'pipeline',
  agents: ['pipeline-keeper', 'quality-auditor', 'backfill-agent', 'schema-steward'],
  nouns:
    'aggregate backfill batch bucket catalogue checkpoint cluster column compaction connector cursor dashboard dataset duplicate encoding extract field freshness histogram ingestion join lake lineage loader manifest metric null outlier partition percentile pipeline quarantine quota record replica row schema shard snapshot sampling stream table tenant threshold timestamp topic transform warehouse watermark'.split(
      ' ',
    ),
  itemId: 'job-#####',
  subject: (rng) => {
    const [table, other] = rng.shuffled(TABLES);
    return subject(
      `the ${table ?? ''} table that ${rng.pick(['is late', 'lost rows', 'shows duplicates', 'has nulls', 'grew twofold', 'disagrees'])} against ${other ?? ''}`,
      `${table ?? ''}_daily`,
      rng.pick(NOUNS),
    );
  },
  item: (rng, { words }) => ({
    title: `${rng.pick(words)}_${rng.pick(NOUNS)}_${rng.pick(['raw', 'daily', 'clean', 'hourly', 'mart'])}`,
    fields: {
      rows: rng.int(1000, 9_000_000),
      run: day(rng),
      minutes: rng.int(1, 90),
      nulls: rng.int(0, 4000),
      owner: rng.pick(['growth', 'logistics', 'finance', 'platform']),
    },
  }),
  goal: (rng, { phrase }, person) =>
    rng.pick([
      `Find out why ${phrase}, repair it from ${day(rng)} on, and leave a note in the run book.`,
      `Investigate ${phrase}; rerun what is needed, prove by counts that it is whole, and tell ${person.name}.`,
      `Bring ${phrase} back in order without touching other tables, and write down cause and remedy.`,
    ]),
  plan: (rng, { phrase }) => [
    `measure ${phrase}`,
    'find the first bad run',
    `compare row counts over ${rng.int(3, 14)} days`,
    'rerun the faulty jobs',
    'check the counts again',
  ],
  tools: [
    {
      name: 'list_jobs',
      role: 'find',
      medianMs: 350,
      args: (task, rng) => ({ search: query(task, rng), since: day(rng) }),
    },
    {
      name: 'run_sql',
      role: 'find',
      medianMs: 2200,
      args: (task, rng, item) => ({
        sql: `SELECT ${rng.pick(task.topic.nouns)}, count(*) FROM ${item.title} WHERE ${rng.pick(task.subject.words)} > '${day(rng)}' GROUP BY 1 LIMIT ${rng.int(5, 50)}`,
      }),
    },
    { name: 'describe_table', role: 'read', medianMs: 160, args: (_task, _rng, item) => ({ table: item.title }) },
    {
      name: 'read_log',
      role: 'read',
      medianMs: 300,
      args: (_task, rng, item) => ({ job: item.id, tail: rng.int(20, 200) }),
      output: (task, rng, item) =>
        Array.from(
          { length: rng.int(3, 7) },
          () =>
            `${day(rng)}T${rng.int(10, 23)}:${rng.int(10, 59)}:${rng.int(10, 59)} ${item.id} ${rng.pick(['INFO', 'WARN', 'INFO', 'ERROR'])} ${prose(rng, task.topic, 1)}`,
        ).join('\n'),
    },
    {
      name: 'check_counts',
      role: 'check',
      medianMs: 1800,
      args: (_task, rng, item) => ({ table: item.title, day: day(rng) }),
    },
    { name: 'rerun_job', role: 'act', medianMs: 2500, args: (_task, rng, item) => ({ job: item.id, day: day(rng) }) },
    {
      name: 'write_runbook',
      role: 'act',
      medianMs: 140,
      args: (task, rng) => ({ page: rng.pick(task.subject.words), text: prose(rng, task.topic, 2) }),
    },
  ],
  reach: [uploadReach, commandReach, emailReach],
};
