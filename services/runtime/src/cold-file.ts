// A file of blobs that only this process reads: where states wait that nothing has touched for long. A cache: it ends with the process.

import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cacheUnusable } from './errors.js';

/** Places grow by a quarter from one size to the next: a blob wastes a ninth of its place on average. */
const LEAST_BYTES = 64;
const GROWTH = 1.25;
/** New places are written together: a write of a state each was a third of the time that a restore took. */
const TAIL_BYTES = 256 * 1024;

/**
 * Blobs in places of fixed sizes; a freed place is given to the next blob of its size. So the file is never longer than the most that each size has
 * needed at once, and there is nothing to compact. Its end waits in memory until it is worth a write. It has no name: whatever ends the process, its
 * space is free again.
 */
export class ColdFile {
  readonly #dir: string;
  #fd: number | undefined;
  #end = 0;
  /** From here to the end all is in the tail. */
  #tailAt = 0;
  #tail: Buffer | undefined;
  #blobs = 0;
  /** Positions to give away, by size. */
  readonly #free = new Map<number, number[]>();

  /** `dir` must be there; it is written to from the first blob on. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Bytes that all places take. */
  get size(): number {
    return this.#end;
  }

  /** Keeps a blob; where it lies. Throws WK_STATE_CACHE, for earlier blobs too. */
  put(blob: Buffer): number {
    const size = placeSize(blob.length);
    try {
      this.#fd ??= openNameless(this.#dir);
      const position = this.#free.get(size)?.pop() ?? this.#newPlace(size);
      if (position < this.#tailAt) writeAll(this.#fd, blob, position);
      else this.#tail?.set(blob, position - this.#tailAt);
      this.#blobs++;
      return position;
    } catch (error) {
      throw cacheUnusable(this.#dir, error);
    }
  }

  /** The blob of `length` bytes at `position`. Throws WK_STATE_CACHE. */
  get(position: number, length: number): Buffer {
    if (this.#tail && position >= this.#tailAt && position + length <= this.#end) {
      const from = position - this.#tailAt;
      return Buffer.from(this.#tail.subarray(from, from + length));
    }
    try {
      return readAll(this.#fd, position, length);
    } catch (error) {
      throw cacheUnusable(this.#dir, error);
    }
  }

  /** Gives the place of a blob away. */
  free(position: number, length: number): void {
    if (--this.#blobs === 0) {
      this.#clear();
      return;
    }
    const size = placeSize(length);
    const places = this.#free.get(size);
    if (places) places.push(position);
    else this.#free.set(size, [position]);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#forget();
  }

  #clear(): void {
    if (this.#fd !== undefined) ftruncateSync(this.#fd, 0);
    this.#forget();
  }

  #forget(): void {
    this.#end = 0;
    this.#tailAt = 0;
    this.#tail = undefined;
    this.#blobs = 0;
    this.#free.clear();
  }

  /** A place at the end, in the tail, or before it where it is too large for one. */
  #newPlace(size: number): number {
    const position = this.#end;
    if (position + size - this.#tailAt > TAIL_BYTES) this.#writeTail();
    this.#end += size;
    if (size > TAIL_BYTES) this.#tailAt = this.#end;
    else this.#tail ??= Buffer.alloc(TAIL_BYTES);
    return position;
  }

  #writeTail(): void {
    if (this.#fd === undefined || !this.#tail) return;
    writeAll(this.#fd, this.#tail.subarray(0, this.#end - this.#tailAt), this.#tailAt);
    this.#tailAt = this.#end;
  }
}

function writeAll(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

/** Throws RangeError where nothing was written. */
function readAll(fd: number | undefined, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const read = fd === undefined ? 0 : readSync(fd, bytes, done, length - done, position + done);
    if (read === 0) throw new RangeError(`the cache ends before ${position + length}`);
    done += read;
  }
  return bytes;
}

/** Bytes of the place that a blob of `length` bytes is given. */
function placeSize(length: number): number {
  const step = Math.ceil(Math.log(Math.max(length, 1) / LEAST_BYTES) / Math.log(GROWTH));
  return Math.max(LEAST_BYTES, length, Math.ceil(LEAST_BYTES * GROWTH ** Math.max(0, step)));
}

function openNameless(dir: string): number {
  const folder = mkdtempSync(join(dir, 'watchkeeper-state-'));
  try {
    return openSync(join(folder, 'cold'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
