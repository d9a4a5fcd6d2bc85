// A disk of its own for the engine's data, that can be filled without harm: a tmpfs whose bound is moved, where mounting is permitted.

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WIDE = '8g';

export interface SmallDisk {
  /** Leaves so much room. */
  fill(leftBytes: number): Promise<void>;
  /** Gives room again. */
  widen(): Promise<void>;
}

/** Mounts one at `folder`, or says in a sentence why it cannot be had. */
export async function mountSmallDisk(folder: string): Promise<SmallDisk | string> {
  if (process.platform !== 'linux') return 'a tmpfs can be mounted on Linux alone';
  mkdirSync(folder, { recursive: true });
  await unmountSmallDisk(folder);
  const resize = async (size: string | number): Promise<void> => {
    await run('mount', ['-o', `remount,size=${size}`, folder]);
  };
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${WIDE},mode=700`, 'tmpfs', folder]);
  } catch (error) {
    return `a tmpfs cannot be mounted here: ${error instanceof Error ? error.message.trim().split('\n').at(-1) : ''}`;
  }
  return {
    async fill(leftBytes) {
      const { blocks, bfree, bsize } = statfsSync(folder);
      await resize((blocks - bfree) * bsize + leftBytes);
    },
    widen: () => resize(WIDE),
  };
}

/** Takes it away with all that it holds; nothing happens where none is mounted. */
export async function unmountSmallDisk(folder: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const mounted = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[1] === folder);
  if (mounted) await run('umount', [folder]);
}
