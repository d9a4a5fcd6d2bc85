// Who runs the stack in a data folder: one process at a time, found again by others.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Owner {
  readonly pid: number;
}

const fileOf = (dataDir: string): string => join(dataDir, 'stack.json');

/** The process that runs the stack of this folder, if it lives. */
export function stackOwner(dataDir: string): number | undefined {
  try {
    const owner = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Owner;
    process.kill(owner.pid, 0);
    return owner.pid;
  } catch {
    return undefined;
  }
}

/** Takes the folder for this process. False where another one that lives has it. */
export function claimStack(dataDir: string): boolean {
  mkdirSync(dataDir, { recursive: true });
  const mine = JSON.stringify({ pid: process.pid } satisfies Owner);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(fileOf(dataDir), mine, { flag: 'wx' });
      return true;
    } catch {
      const owner = stackOwner(dataDir);
      if (owner !== undefined) return owner === process.pid;
      rmSync(fileOf(dataDir), { force: true });
    }
  }
  return false;
}

export function releaseStack(dataDir: string): void {
  if (stackOwner(dataDir) === process.pid) rmSync(fileOf(dataDir), { force: true });
}
