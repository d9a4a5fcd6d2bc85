// Migrations as text: every placeholder known, every field of the contract a column, clusters from the same files.

import { schemaFiles } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { readMigrations } from './migrate.js';
import { renderMigration } from './render.js';
import { TARGETS } from './targets.js';
import { ttlDaysOf, ttlStatement } from './ttl.js';

const all = (cluster?: string): string[] =>
  readMigrations().flatMap(({ text }) => renderMigration(text, { database: 'db', cluster }));
const tableOf = (name: string): string =>
  all().find((statement) => statement.includes(`TABLE IF NOT EXISTS \`db\`.${name} `)) ?? '';
/** Lines that add a column to the table, as if they stood in its definition. */
const addedTo = (name: string, cluster?: string): string =>
  all(cluster)
    .filter((statement) => statement.includes(`ALTER TABLE \`db\`.${name} `))
    .flatMap((statement) => statement.match(/ADD COLUMN IF NOT EXISTS .*/g) ?? [])
    .map((line) => line.replace('ADD COLUMN IF NOT EXISTS', ' '))
    .join('\n');

describe('migrations', () => {
  it('are numbered in the order in which they are applied, each number once', () => {
    const numbers = readMigrations().map((migration) => migration.number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it.each(TARGETS)('give every field of $schema a column of $table, and every row its place in the log', (target) => {
    const ddl = `${tableOf(target.table)}\n${addedTo(target.table)}`;
    const { fields } = schemaFiles[target.schema] as unknown as { fields: { name: string }[] };
    const columns = [
      ...fields.map(({ name }) => target.renamed[name] ?? name),
      'log_id',
      'kafka_partition',
      'kafka_offset',
      'kafka_timestamp',
      'landed_at',
    ];
    for (const column of columns) expect(ddl).toMatch(new RegExp(`^ +${column} `, 'm'));
    expect(ddl).toContain('non_replicated_deduplication_window = 100000');
    expect(ddl).not.toMatch(/ UInt(?!64\))\d+ /);
  });

  it('put a dedup window on every table that a view fills', () => {
    const targets = all().flatMap((statement) => /MATERIALIZED VIEW .* TO `db`\.(\w+)/.exec(statement)?.[1] ?? []);
    expect(targets).toHaveLength(6);
    for (const table of targets) expect(tableOf(table)).toContain('non_replicated_deduplication_window = 100000');
  });

  it('comment every column of every table and view', () => {
    for (const statement of all().filter(
      (text) => /CREATE (TABLE|OR REPLACE VIEW)/.test(text) && !text.includes('Distributed'),
    )) {
      const body = statement.slice(statement.indexOf('(\n'), statement.search(/^\)/m));
      for (const line of body
        .split('\n')
        .slice(1)
        .filter((text) => text.trim() !== '' && !text.trim().startsWith('INDEX')))
        expect(line).toContain(' COMMENT ');
      expect(statement).toMatch(/COMMENT '[^']/);
    }
  });

  it('replicate on a cluster, and open a door to all shards', () => {
    const statements = all('fleet').filter((statement) => statement.includes('CREATE'));
    for (const statement of statements) expect(statement).toContain("ON CLUSTER 'fleet'");
    expect(statements.filter((text) => /ENGINE = (?!Replicated|Distributed)/.test(text))).toEqual([]);
    expect(statements.filter((text) => text.includes("Distributed('fleet', 'db'"))).toHaveLength(10);
    expect(statements.find((text) => text.includes('.sessions '))).toContain('session_parts_all');
    expect(all().join()).not.toMatch(/Distributed|Replicated|_all\b|ON CLUSTER/);
  });

  it('add a column with a comment, and to the door to all shards, too', () => {
    const added = addedTo('events', 'fleet').split('\n');
    expect(added.length).toBeGreaterThan(1);
    const column = (line: string): string | undefined => /^ +(\w+) \w+ COMMENT '[^']+'/.exec(line)?.[1];
    expect(added.map(column)).not.toContain(undefined);
    expect(addedTo('events_all', 'fleet').split('\n').map(column)).toEqual(added.map(column));
    for (const statement of all('fleet').filter((text) => text.includes('ALTER TABLE')))
      expect(statement).toContain("ON CLUSTER 'fleet'");
  });

  it('refuse a placeholder that nothing stands for', () => {
    expect(() => renderMigration('SELECT {{what}};', { database: 'db', cluster: undefined })).toThrow('{{what}}');
  });
});

describe('TTL', () => {
  it("goes by the log's time, and reads back", () => {
    expect(ttlStatement('db', 'events', 'kafka_timestamp', 190, '')).toContain(
      'MODIFY TTL toDateTime(kafka_timestamp) + toIntervalDay(190)',
    );
    expect(ttlStatement('db', 'events', 'kafka_timestamp', 0, '')).toContain('REMOVE TTL');
    expect(
      ttlDaysOf('CREATE TABLE t (a DateTime) ENGINE = MergeTree ORDER BY a TTL a + toIntervalDay(7) SETTINGS x = 1'),
    ).toBe(7);
    expect(ttlDaysOf('CREATE TABLE t (a DateTime) ENGINE = MergeTree ORDER BY a')).toBe(0);
  });
});
