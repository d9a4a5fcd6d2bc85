// A lock between processes, as a file that names its holder; a dead holder's lock is taken over.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lockTimeout } from './errors.js';
import { identify, isAlive } from './process-identity.js';

const pollMs = 50;
/** Taking over takes microseconds: a guard as old as this was left by a process that died inside. */
const guardAgeMs = 5_000;

/**
 * Runs the work while this process alone holds the lock file.
 *
 * @throws WK_LOCAL_LOCK when a living process has not let go within timeoutMs.
 */
export async function withLock<T>(file: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${JSON.stringify(identify(process.pid))} ${Math.random()}`;
  const deadline = Date.now() + timeoutMs;
  while (!createExclusively(file, mine)) {
    takeOverIfDead(file);
    if (Date.now() > deadline) throw lockTimeout(file, timeoutMs);
    await delay(pollMs);
  }
  try {
    return await work();
  } finally {
    if (read(file) === mine) rmSync(file, { force: true });
  }
}

function createExclusively(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead holder's file, under a second lock: else the slower of two could remove the faster one's new lock. */
function takeOverIfDead(file: string): void {
  if (!holderIsDead(file)) return;
  const guard = `${file}.takeover`;
  if (!createExclusively(guard, '')) {
    if (ageMs(guard) > guardAgeMs) rmSync(guard, { force: true });
    return;
  }
  try {
    if (holderIsDead(file)) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function holderIsDead(file: string): boolean {
  const text = read(file);
  if (text === undefined) return false;
  // Between creation and writing the file is empty: dead only if it stays so.
  if (text === '') return ageMs(file) > guardAgeMs;
  try {
    const holder = JSON.parse(text.slice(0, text.lastIndexOf(' '))) as { pid: number; begun: string };
    return !isAlive(holder);
  } catch {
    return true;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
