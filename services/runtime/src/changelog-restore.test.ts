import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changelogKey, partitionKey, partitionValue, readChangelogKey } from './changelog-records.js';
import { readChangelog } from './changelog-restore.js';
import type { Batch } from './contract.js';
import { silentLogger } from './log.js';
import type { StateSink } from './state-store.js';

const detector = { id: 'count', version: 2 };
const text = (value: string): Buffer => Buffer.from(value);

async function read(records: readonly (readonly [Buffer | null, Buffer | null])[]) {
  async function* batches(): AsyncGenerator<Batch> {
    await Promise.resolve();
    for (const [offset, [key, value]] of records.entries()) {
      const at = { topic: 'c', partition: 0, nextOffset: offset + 1, highWatermark: records.length };
      yield { ...at, records: [{ offset, timestampMs: 0, key, value, headers: {} }] };
    }
  }
  const states = new Map<string, string>();
  const sink: StateSink = {
    keep: (key, state) => void states.set(key, String(state)),
    drop: (key) => void states.delete(key),
  };
  const { restored, superseded } = await readChangelog(batches(), detector, sink, silentLogger);
  return { states, restored: restored && { ...restored, partition: String(restored.partition) }, superseded };
}

describe('readChangelog', () => {
  it('gives the last state of each key, none of those closed, and the last partition record', async () => {
    const { states, restored, superseded } = await read([
      [changelogKey(detector, 'a'), text('a1')],
      [changelogKey(detector, 'b'), text('b1')],
      [partitionKey(detector), partitionValue({ offset: 5, partition: text('early'), life: 'l' })],
      [changelogKey(detector, 'b'), null],
      [changelogKey(detector, 'a'), text('a2')],
      [partitionKey(detector), partitionValue({ offset: 9, partition: text('late'), life: 'l' })],
    ]);
    expect([...states]).toEqual([['a', 'a2']]);
    expect(restored).toEqual({ offset: 9, partition: 'late', life: 'l' });
    expect(superseded).toEqual([]);
  });

  it('leaves other detectors, later versions and strangers alone, and names what earlier versions left', async () => {
    const before = { id: 'count', version: 1 };
    const { states, restored, superseded } = await read([
      [changelogKey(before, 'a'), text('old')],
      [changelogKey(before, 'gone'), text('old')],
      [partitionKey(before), partitionValue({ offset: 7, partition: text('old'), life: 'l' })],
      [changelogKey(before, 'gone'), null],
      [changelogKey({ id: 'count', version: 3 }, 'a'), text('new')],
      [changelogKey({ id: 'other', version: 1 }, 'a'), text('other')],
      [text('stranger'), text('x')],
      [null, text('x')],
    ]);
    expect([states.size, restored]).toEqual([0, undefined]);
    expect(superseded.map((key) => readChangelogKey(key))).toEqual([
      { kind: 'key', detector: before, key: 'a' },
      { kind: 'partition', detector: before },
    ]);
  });

  it('names any key and reads it again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.nat(), (key, id, version) => {
        expect(readChangelogKey(changelogKey({ id, version }, key))).toEqual({
          kind: 'key',
          detector: { id, version },
          key,
        });
      }),
    );
  });
});
