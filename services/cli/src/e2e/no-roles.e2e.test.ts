// Backends without roles: what must be done while no role runs can be done on a local stack, too.

import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { goodRecord } from '../chaos/bad-records.js';
import { roleEnvironment } from '../stack/environment.js';
import { logAt } from '../stack/log.js';
import { waitFor } from '../stack/wait.js';
import { newWorld } from './harness.js';

const bin = fileURLToPath(new URL('../../bin/watchkeeper.js', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'watchkeeper-up-'));
const world = await newWorld();
const env = { ...process.env, ...roleEnvironment(world.backends, world.place) };
afterAll(async () => {
  await world.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function watchkeeper(...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [bin, ...args, '--data-dir', dataDir], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

const codeOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));

/** What a command prints, and its exit code. */
async function ran(...args: readonly string[]): Promise<{ printed: string; code: number | null }> {
  const child = watchkeeper(...args);
  const [printed, code] = await Promise.all([text(child.stdout), codeOf(child)]);
  return { printed, code };
}

/** Resolves when the child has said so on stderr. */
function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let all = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      all += chunk.toString();
      if (all.includes(words)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`ended with ${String(code)}: ${all}`)));
  });
}

it('stays up without roles until it is told to stop, and a backfill runs beside it', async () => {
  const up = watchkeeper('up', '--no-roles');
  const upCode = codeOf(up);
  await said(up, 'no role');
  const backfill = await ran('backfill', 'loop-detector', '--dry-run');
  expect(backfill.printed).toContain('would be judged from the beginning');
  expect(backfill.code).toBe(0);
  expect(up.exitCode).toBeNull();
  up.kill('SIGTERM');
  expect(await upCode).toBe(0);
});

it('begins a new life of a topic that was made anew, beside the rows of the old one', async () => {
  const log = logAt(world.backends.brokers, world.place);
  const [admin, producer] = await Promise.all([log.admin(), log.producer()]);
  const land = async (names: readonly string[], rows: number): Promise<void> => {
    await producer.send(
      'agent.events',
      names.map((name) => goodRecord(name)),
    );
    const [landing] = await world.start([['landing']]);
    expect(await waitFor(async () => (await world.landed()) === rows, 60_000)).toBe(true);
    // Rows are there before their offsets are committed.
    expect(await waitFor(async () => (await world.ledger()).lag === 0, 60_000)).toBe(true);
    await landing?.stop();
  };
  await land(['a', 'b', 'c'], 3);
  expect(await ran('topics', '--new-log')).toMatchObject({
    printed: expect.stringContaining('no new life begins') as string,
    code: 0,
  });
  await admin.deleteTopics(['agent.events']);
  expect(await waitFor(async () => !(await admin.topics()).has('agent.events'), 20_000)).toBe(true);
  expect(await ran('topics', '--new-log')).toMatchObject({
    printed: expect.stringMatching(/made agent\.events\n(.*\n)*agent\.events begins its life \S+@2\n/) as string,
    code: 0,
  });
  await land(['d', 'e'], 5);
  const { gaps, duplicates, lag } = await world.ledger();
  expect({ gaps, duplicates, lag }).toEqual({ gaps: 0, duplicates: 0, lag: 0 });
  await Promise.all([admin.close(), producer.close()]);
});
