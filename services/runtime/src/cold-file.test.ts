import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ColdFile } from './cold-file.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchkeeper-cold-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('ColdFile', () => {
  it('gives back what it was given, whatever came and went between', () => {
    const actions = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.record({ put: fc.uint8Array({ maxLength: 700 }) }) },
        // So that the end is written, and some blobs are longer than what waits for it.
        { weight: 2, arbitrary: fc.record({ put: fc.integer({ min: 60_000, max: 300_000 }).map(pattern) }) },
        { weight: 5, arbitrary: fc.record({ free: fc.nat() }) },
      ),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(actions, (steps) => {
        const file = new ColdFile(dir);
        const there: { at: number; blob: Buffer }[] = [];
        for (const step of steps) {
          if ('put' in step) {
            const blob = Buffer.from(step.put);
            there.push({ at: file.put(blob), blob });
          } else if (there.length > 0) {
            const [{ at, blob } = { at: -1, blob: Buffer.of() }] = there.splice(step.free % there.length, 1);
            expect(file.get(at, blob.length).equals(blob)).toBe(true);
            file.free(at, blob.length);
          }
        }
        for (const { at, blob } of there) expect(file.get(at, blob.length).equals(blob)).toBe(true);
        for (const { at, blob } of there) file.free(at, blob.length);
        expect(file.size).toBe(0);
        file.close();
      }),
      { numRuns: 60 },
    );
  });

  it('grows with what it holds at once, not with what went through it', () => {
    const file = new ColdFile(dir);
    const blob = Buffer.alloc(1_000);
    let held = [file.put(blob), file.put(blob)];
    const { size } = file;
    for (let round = 0; round < 1_000; round++) {
      const [first = 0, second = 0] = held;
      file.free(first, blob.length);
      held = [second, file.put(Buffer.alloc(990))];
      file.free(second, blob.length);
      held = [held[1]!, file.put(blob)];
    }
    expect(file.size).toBe(size);
    expect(size).toBeLessThan(2 * 1.25 * blob.length);
    file.close();
  });

  it('leaves nothing in the folder, not even while it is open', () => {
    const file = new ColdFile(dir);
    const at = file.put(Buffer.from('state'));
    expect(readdirSync(dir)).toEqual([]);
    expect(String(file.get(at, 5))).toBe('state');
    file.close();
  });

  it('says which folder cannot be used, and reads nothing that was not written', () => {
    rmSync(dir, { recursive: true });
    const file = new ColdFile(dir);
    expect(() => file.put(Buffer.from('x'))).toThrow(/cannot wait on disk/);
    expect(() => file.get(0, 1)).toThrow(/STATE_CACHE_DIR/);
  });

  it('reads nothing behind what it holds', () => {
    const file = new ColdFile(dir);
    const at = file.put(Buffer.from('state'));
    expect(() => file.get(at + 4_096, 5)).toThrow(/the cache ends before/);
    file.close();
  });
});

/** Bytes that differ from one place to another, and from one length to another. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 255);
}
