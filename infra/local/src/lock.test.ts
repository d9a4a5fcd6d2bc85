// One holder at a time, and a dead one does not count.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { withLock } from './lock.js';
import { identify } from './process-identity.js';

const dir = mkdtempSync(join(tmpdir(), 'wk-lock-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('lets one in at a time, and leaves no file', async () => {
  const file = join(dir, 'one');
  let inside = 0;
  const most: number[] = [];
  await Promise.all(
    Array.from({ length: 5 }, () =>
      withLock(file, 10_000, async () => {
        inside += 1;
        most.push(inside);
        await turn();
        inside -= 1;
      }),
    ),
  );
  expect(most).toEqual([1, 1, 1, 1, 1]);
  expect(existsSync(file)).toBe(false);
});

it('takes over from a dead process, also where its id lives again', async () => {
  const file = join(dir, 'dead');
  for (const holder of [
    { pid: 2 ** 22 + 1, begun: '1' },
    { pid: process.pid, begun: 'another life' },
  ]) {
    writeFileSync(file, `${JSON.stringify(holder)} 0`);
    expect(await withLock(file, 2_000, () => Promise.resolve('in'))).toBe('in');
  }
});

it('says who holds it when a living process does not let go', async () => {
  const file = join(dir, 'held');
  writeFileSync(file, `${JSON.stringify(identify(process.pid))} 0`);
  await expect(withLock(file, 100, () => Promise.resolve())).rejects.toMatchObject({ code: 'WK_LOCAL_LOCK' });
});

it('lets go after a failure', async () => {
  const file = join(dir, 'failed');
  await expect(withLock(file, 100, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(existsSync(file)).toBe(false);
});
