// A run to an end keeps its data apart: a topic prefix and a database of its own, removed by the next run.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTopics } from '@watchkeeper/runtime';
import { openSql } from '../clickhouse.js';
import type { Backends } from '../stack/backends.js';
import type { Place } from '../stack/environment.js';
import { logAt } from '../stack/log.js';

const folderOf = (dataDir: string): string => join(dataDir, 'once');

/** A place that no other run has. The newest one that has ended is kept, so that its answer can be looked into. */
export function newOncePlace(dataDir: string, nowMs: number): Place {
  const id = `${nowMs.toString(36)}_${process.pid.toString(36)}`;
  mkdirSync(folderOf(dataDir), { recursive: true });
  writeFileSync(join(folderOf(dataDir), `${id}.json`), JSON.stringify({ pid: process.pid }));
  return { topicPrefix: `once-${id}.`, database: `watchkeeper_once_${id}` };
}

/** Removes topics and databases of runs whose process has ended. */
export async function removeEndedRuns(dataDir: string, backends: Backends): Promise<void> {
  const folder = folderOf(dataDir);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    if (lives(ownerOf(join(folder, file)))) continue;
    const id = file.slice(0, -'.json'.length);
    await removePlace(backends, { topicPrefix: `once-${id}.`, database: `watchkeeper_once_${id}` });
    rmSync(join(folder, file), { force: true });
  }
}

async function removePlace(backends: Backends, place: Place): Promise<void> {
  const admin = await logAt(backends.brokers, place).admin();
  const sql = openSql({ url: backends.clickhouseUrl, database: 'default' });
  try {
    const there = await admin.topics();
    await admin.deleteTopics(
      readTopics()
        .map((spec) => spec.name)
        .filter((name) => there.has(name)),
    );
    await sql.command(`DROP DATABASE IF EXISTS ${place.database} SYNC`);
  } finally {
    await Promise.all([admin.close(), sql.close()]);
  }
}

/** Whether another process is in the middle of a run to an end in this folder. */
export function otherRunsLive(dataDir: string): boolean {
  const folder = folderOf(dataDir);
  return existsSync(folder) && readdirSync(folder).some((file) => lives(ownerOf(join(folder, file))));
}

const ownerOf = (file: string): number => (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}
