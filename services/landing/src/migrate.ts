// Migrations: numbered files, applied in order, each once, and never changed afterwards.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClickHouseClient } from '@clickhouse/client';
import { migrationChanged, migrationFailed } from './errors.js';
import { renderMigration, type RenderOptions } from './render.js';
import { applyTtl, type TtlSettings } from './ttl.js';

/** One file. */
export interface Migration {
  /** e.g. 0003_detections_alerts */
  readonly name: string;
  readonly number: number;
  readonly text: string;
}

export interface MigrateOptions {
  readonly database: string;
  readonly cluster?: string | undefined;
  readonly ttl: TtlSettings;
  /** Default: infra/clickhouse/migrations. */
  readonly migrations?: readonly Migration[];
}

export interface Migrated {
  readonly applied: readonly string[];
  /** Tables whose TTL was changed. */
  readonly ttlChanged: readonly string[];
}

/** The files of a folder by number. Throws where two have one number. */
export function readMigrations(
  folder = fileURLToPath(new URL('../../../infra/clickhouse/migrations/', import.meta.url)),
): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.sql'.length),
      number: Number(file.slice(0, 4)),
      text: readFileSync(`${folder}/${file}`, 'utf8'),
    }));
  const twice = migrations.find((migration, i) => migration.number === migrations[i - 1]?.number);
  if (twice !== undefined)
    throw new TypeError(`Two migrations have the number of ${twice.name}: number the newer one max + 1.`);
  return migrations;
}

/** What stands in schema_migrations for a file. */
export const checksumOf = (migration: Migration): string => createHash('sha256').update(migration.text).digest('hex');

/**
 * Brings `database` up to the files and the settings. Every statement may run again, so that a second run, or two at once,
 * end in the same tables. Throws WK_MIGRATION_CHANGED, WK_MIGRATION_FAILED, WK_TTL.
 */
export async function migrate(client: ClickHouseClient, options: MigrateOptions): Promise<Migrated> {
  const { database, cluster } = options;
  const migrations = options.migrations ?? readMigrations();
  const rendering: RenderOptions = { database, cluster };
  for (const statement of renderMigration(BASE, rendering)) await client.command({ query: statement });
  const known = await applied(client, database);
  const done: string[] = [];
  for (const migration of migrations) {
    const checksum = checksumOf(migration);
    const before = known.get(migration.name);
    if (before !== undefined && before !== checksum) throw migrationChanged(migration.name);
    if (before !== undefined) continue;
    try {
      for (const statement of renderMigration(migration.text, rendering)) await client.command({ query: statement });
    } catch (cause) {
      throw migrationFailed(migration.name, cause);
    }
    await client.command({
      query: `INSERT INTO \`${database}\`.schema_migrations (number, name, checksum) SELECT {number: UInt32}, {name: String}, {checksum: String}`,
      query_params: { number: migration.number, name: migration.name, checksum },
      clickhouse_settings: { async_insert: 0 },
    });
    done.push(migration.name);
  }
  const onCluster = cluster === undefined ? '' : `ON CLUSTER '${cluster}'`;
  return { applied: done, ttlChanged: await applyTtl(client, database, options.ttl, onCluster) };
}

const BASE = `
CREATE DATABASE IF NOT EXISTS {{database}} {{on_cluster}};
CREATE TABLE IF NOT EXISTS {{database}}.schema_migrations {{on_cluster}}
(
    number UInt32 COMMENT 'Of the file.',
    name String COMMENT 'The file without its ending.',
    checksum String COMMENT 'sha256 of the file, hex.',
    applied_at DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When it was applied.'
)
ENGINE = {{ReplacingMergeTree}} ORDER BY number COMMENT 'Migrations that were applied.';
`;

async function applied(client: ClickHouseClient, database: string): Promise<ReadonlyMap<string, string>> {
  const result = await client.query({
    query: `SELECT name, checksum FROM \`${database}\`.schema_migrations FINAL`,
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ name: string; checksum: string }>();
  return new Map(rows.map((row) => [row.name, row.checksum]));
}
