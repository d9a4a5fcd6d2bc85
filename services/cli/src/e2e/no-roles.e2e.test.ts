// Backends without roles: what must be done while no role runs can be done on a local stack, too.

import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { roleEnvironment } from '../stack/environment.js';
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
  const backfill = watchkeeper('backfill', 'loop-detector', '--dry-run');
  const [told, code] = await Promise.all([text(backfill.stdout), codeOf(backfill)]);
  expect(told).toContain('would be judged from the beginning');
  expect(code).toBe(0);
  expect(up.exitCode).toBeNull();
  up.kill('SIGTERM');
  expect(await upCode).toBe(0);
});
