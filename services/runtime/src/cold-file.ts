// A file of blobs that only this process reads: where states wait that nothing has touched for long. A cache: it ends with the process.

import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cacheUnusable } from './errors.js';

/** Places grow by a quarter from one size to the next: a blob wastes a ninth of its place on average. */
const LEAST_BYTES = 64;
const GROWTH = 1.25;

/**
 * Blobs in places of fixed sizes; a freed place is given to the next blob of its size. So the file is never longer than the most that each size has
 * needed at once, and there is nothing to compact. It has no name: whatever ends the process, its space is free again.
 */
export class ColdFile {
  readonly #dir: string;
  #fd: number | undefined;
  #end = 0;
  #blobs = 0;
  /** Positions to give away, by size. */
  readonly #free = new Map<number, number[]>();

  /** `dir` must be there; it is written to from the first blob on. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Length of the file in bytes. */
  get size(): number {
    return this.#end;
  }

  /** Keeps a blob; where it lies. Throws WK_STATE_CACHE. */
  put(blob: Buffer): number {
    const size = placeSize(blob.length);
    const position = this.#free.get(size)?.pop() ?? this.#end;
    try {
      this.#fd ??= openNameless(this.#dir);
      for (let done = 0; done < blob.length;)
        done += writeSync(this.#fd, blob, done, blob.length - done, position + done);
    } catch (error) {
      throw cacheUnusable(this.#dir, error);
    }
    if (position === this.#end) this.#end += size;
    this.#blobs++;
    return position;
  }

  /** The blob of `length` bytes at `position`. Throws WK_STATE_CACHE. */
  get(position: number, length: number): Buffer {
    const blob = Buffer.allocUnsafe(length);
    try {
      for (let done = 0; done < length;) {
        const read = this.#fd === undefined ? 0 : readSync(this.#fd, blob, done, length - done, position + done);
        if (read === 0) throw new RangeError(`the cache ends before ${position + length}`);
        done += read;
      }
    } catch (error) {
      throw cacheUnusable(this.#dir, error);
    }
    return blob;
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
    this.#end = 0;
    this.#blobs = 0;
    this.#free.clear();
  }

  #clear(): void {
    if (this.#fd !== undefined) ftruncateSync(this.#fd, 0);
    this.#end = 0;
    this.#free.clear();
  }
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
