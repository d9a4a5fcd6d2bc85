// Keeps the rows of an insert in a file, for the engine to read: in memory-backed storage where there is room.
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const memoryStorage = '/dev/shm';
/** Containers get 64 MB there, which two inserts would fill. */
const leastFreeBytes = 1 << 30;

/** A folder of files that live as long as their insert. */
export interface Spool {
  /** Runs the work with a file that holds the first bytes and then all of the source. */
  withFile<T>(
    first: Uint8Array,
    source: Readable,
    work: (file: { path: string; bytes: number }) => Promise<T>,
  ): Promise<T>;
  close(): void;
}

/** Opens the spool and sweeps what a killed predecessor left. Only the process that holds the data folder's lock may. */
export function openSpool(dataDir: string, name: string): Spool {
  const folder = hasRoom(memoryStorage) ? join(memoryStorage, name) : join(dataDir, 'spool');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    async withFile(first, source, work) {
      const path = join(folder, randomBytes(12).toString('hex'));
      try {
        const file = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 1 << 20 });
        if (first.length > 0) file.write(first);
        await pipeline(source, file);
        return await work({ path, bytes: file.bytesWritten });
      } finally {
        await rm(path, { force: true });
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= leastFreeBytes;
  } catch {
    return false;
  }
}
