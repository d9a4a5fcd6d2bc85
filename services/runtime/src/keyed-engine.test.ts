import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedEngine, type EngineOptions } from './keyed-engine.js';
import { sequenced } from './sequenced.js';
import { StateMemory } from './state-memory.js';
import { countDetector, type CountInput, type CountOutput, type CountState } from './testing.js';
import { eventTimeWatermark } from './watermark.js';

const timeOf = (input: CountInput): number => input.timeMicros;
const optionsOf = (
  of: Partial<EngineOptions<CountState, CountInput, CountOutput>> = {},
): EngineOptions<CountState, CountInput, CountOutput> => ({
  detector: countDetector(),
  watermark: eventTimeWatermark({ timeOf, latenessMicros: 1_000_000 }),
  timeOf,
  idleMs: 20_000,
  maxKeys: 1_000,
  ...of,
});

const input = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  seq: fc.nat({ max: 50 }),
  timeMicros: fc.integer({ min: 0, max: 90_000_000 }),
});
const inputs = fc.array(input, { maxLength: 150 });
const manyInputs = fc.array(input, { minLength: 40, maxLength: 80 });

function run<State>(
  options: EngineOptions<State, CountInput, CountOutput>,
  given: readonly CountInput[],
): CountOutput[] {
  const engine = new KeyedEngine(options);
  return given.flatMap((input, offset) => [...engine.observe(input, offset)]);
}

describe('KeyedEngine', () => {
  it('goes on from a checkpoint at any point as if nothing had happened', () => {
    const wrapped = sequenced(countDetector(), { seqOf: (input: CountInput) => input.seq, timeOf });
    const options = { ...optionsOf({ maxKeys: 3 }), detector: wrapped };
    fc.assert(
      fc.property(inputs, fc.nat({ max: 150 }), fc.nat({ max: 150 }), (given, one, two) => {
        const cuts = [Math.min(one, two, given.length), Math.min(Math.max(one, two), given.length)];
        const kept = new Map<string, Buffer>();
        const outputs: CountOutput[] = [];
        let engine = new KeyedEngine(options, { trackChanges: true });
        given.forEach((input, offset) => {
          if (cuts.includes(offset)) {
            for (const { key, state } of engine.takeChanges()) {
              if (state) kept.set(key, state);
              else kept.delete(key);
            }
            const partition = engine.encodePartition();
            engine = new KeyedEngine(options, { trackChanges: true });
            for (const [key, state] of kept) engine.keep(key, state);
            engine.restore(partition);
          }
          outputs.push(...engine.observe(input, offset));
        });
        expect(outputs).toEqual(run(options, given));
      }),
    );
  });

  it('fires in slices as it fires at once', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 3 }), (given, most) => {
        const engine = new KeyedEngine(optionsOf());
        const outputs = given.flatMap((input, offset) => {
          const found = [...engine.observe(input, offset, most)];
          while (engine.hasDue) found.push(...engine.fireDue(most));
          return found;
        });
        expect(outputs).toEqual(run(optionsOf(), given));
      }),
    );
  });

  it('says the same whatever fits into memory, over checkpoints and restores', () => {
    const wrapped = sequenced(countDetector(), { seqOf: (input: CountInput) => input.seq, timeOf });
    const options = { ...optionsOf({ maxKeys: 4 }), detector: wrapped };
    let spilled = 0;
    let coldChanges = 0;
    fc.assert(
      fc.property(
        manyInputs,
        fc.integer({ min: 0, max: 1_000 }),
        fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (given, bytes, checkpoints, restores) => {
          const memory = new StateMemory({ bytes, dir: tmpdir() });
          const kept = new Map<string, Buffer>();
          const outputs: CountOutput[] = [];
          const opened = () => new KeyedEngine(options, { trackChanges: true, memory: memory.open() });
          let engine = opened();
          given.forEach((input, offset) => {
            if (checkpoints.includes(offset)) {
              coldChanges += engine.coldKeys;
              for (const { key, state } of engine.takeChanges()) {
                if (state) kept.set(key, state);
                else kept.delete(key);
              }
              if (restores) {
                const partition = engine.encodePartition();
                spilled += engine.moved.spilled;
                engine.close();
                engine = opened();
                for (const [key, state] of kept) engine.keep(key, state);
                engine.restore(partition);
                expect(engine.coldKeys).toBe(kept.size);
              }
            }
            outputs.push(...engine.observe(input, offset));
          });
          outputs.push(...engine.closeAll());
          spilled += engine.moved.spilled;
          engine.close();
          const unbounded = new KeyedEngine(options);
          const wanted = given.flatMap((input, offset) => [...unbounded.observe(input, offset)]);
          expect(outputs).toEqual([...wanted, ...unbounded.closeAll()]);
        },
      ),
      { numRuns: 250 },
    );
    expect(spilled).toBeGreaterThan(1_000);
    expect(coldChanges).toBeGreaterThan(100);
  });

  it('holds no more in memory than its share, and fires the timers of what waits on disk without reading the others', () => {
    const memory = new StateMemory({ bytes: 20_000, dir: tmpdir() });
    const engine = new KeyedEngine(optionsOf({ maxKeys: 1e6 }), { trackChanges: true, memory: memory.open() });
    for (let n = 0; n < 2_000; n++) engine.observe({ key: `k${n}`, seq: 0, timeMicros: n }, n);
    expect(engine.size).toBe(2_000);
    expect(engine.coldKeys).toBeGreaterThan(1_700);
    const before = engine.moved.loaded;
    expect(engine.advance(5_000_000 + 99).map(({ key }) => key)).toEqual(
      Array.from({ length: 100 }, (_, n) => `k${n}`),
    );
    expect(engine.moved.loaded - before).toBe(100);
    // Expiry back to none: nothing is left of it.
    expect(engine.advance(60_000_000).filter(({ why }) => why === 'close')).toHaveLength(2_000);
    expect([engine.size, engine.coldKeys, engine.timers]).toEqual([0, 0, 0]);
    engine.close();
  });

  it("judges a key by its own events and the watermark alone: other keys' events change nothing of it but when timers fire", () => {
    const untimed = optionsOf({ detector: { ...countDetector(), dueAt: () => undefined } });
    fc.assert(
      fc.property(inputs, (given) => {
        // In order of time, so that the watermark cannot close a key before its own gap would.
        const ordered = given.slice().sort((a, b) => a.timeMicros - b.timeMicros);
        const counts = (outputs: readonly CountOutput[]) =>
          outputs.filter((out) => out.key === 'a' && out.why === 'count');
        expect(counts(run(untimed, ordered))).toEqual(
          counts(
            run(
              untimed,
              ordered.filter((input) => input.key === 'a'),
            ),
          ),
        );
      }),
    );
  });

  it('fires timers right after the record that made them due, by due time, then key', () => {
    const engine = new KeyedEngine(optionsOf());
    for (const [offset, key] of ['b', 'a', 'c'].entries())
      engine.observe({ key, seq: 0, timeMicros: key === 'c' ? 0 : 1_000_000 }, offset);
    const fired = engine.observe({ key: 'z', seq: 0, timeMicros: 8_000_000 }, 3);
    expect(fired.map(({ key, why }) => [key, why])).toEqual([
      ['c', 'timer'],
      ['a', 'timer'],
      ['b', 'timer'],
    ]);
  });

  it('closes a silent key once, by its own next event or by the watermark, and begins it anew', () => {
    const engine = new KeyedEngine(optionsOf());
    engine.observe({ key: 'a', seq: 0, timeMicros: 0 }, 0);
    const own = engine.observe({ key: 'a', seq: 1, timeMicros: 20_000_001 }, 1);
    expect(own.map(({ why, seqs }) => [why, seqs])).toEqual([['close', [0]]]);
    const byOthers = engine.observe({ key: 'b', seq: 0, timeMicros: 45_000_000 }, 2);
    expect(byOthers.map(({ key, why, seqs }) => [key, why, seqs])).toEqual([
      ['a', 'timer', [1]],
      ['a', 'close', [1]],
    ]);
    expect(engine.expired).toBe(2);
    expect(engine.size).toBe(1);
  });

  it('keeps a key whose events lie behind the watermark, until the watermark has moved on by as much as closes a silent one', () => {
    const engine = new KeyedEngine(optionsOf());
    const observe = (key: string, seq: number, seconds: number): void => {
      engine.observe({ key, seq, timeMicros: seconds * 1_000_000 }, seq);
    };
    observe('live', 0, 1_000);
    for (const seq of [1, 2, 3]) observe('history', seq, seq);
    observe('live', 4, 1_015);
    expect([engine.size, engine.expired]).toEqual([2, 0]);
    observe('live', 5, 1_021);
    expect([engine.size, engine.expired]).toEqual([1, 1]);
  });

  it('never holds more keys than it may, and closes the idlest', () => {
    const engine = new KeyedEngine(optionsOf({ maxKeys: 3 }));
    const closed: string[] = [];
    fc.assert(
      fc.property(inputs, (given) => {
        const bounded = new KeyedEngine(optionsOf({ maxKeys: 2 }));
        given.forEach((input, offset) => {
          bounded.observe(input, offset);
          expect(bounded.size).toBeLessThanOrEqual(2);
        });
      }),
    );
    for (const [offset, key] of ['a', 'b', 'c', 'a', 'd'].entries()) {
      closed.push(
        ...engine
          .observe({ key, seq: offset, timeMicros: 0 }, offset)
          .filter((out) => out.why === 'close')
          .map((out) => out.key),
      );
    }
    expect(closed).toEqual(['b']);
    expect(engine.evicted).toBe(1);
  });

  it('keeps its timers within a small multiple of its keys on endless input', () => {
    let due = 1e15;
    // A detector whose timer comes ever earlier: each event makes the one before stale.
    const engine = new KeyedEngine(
      optionsOf({ detector: { ...countDetector(1e9), dueAt: () => due-- }, idleMs: 1e12 }),
    );
    for (let offset = 0; offset < 1_000; offset++) {
      engine.observe({ key: 'a', seq: 0, timeMicros: 0 }, offset);
      expect(engine.timers).toBeLessThan(70);
    }
  });

  it('closes a key after the input that ends it, and moves the watermark alone for a mark', () => {
    const engine = new KeyedEngine(
      optionsOf({ endsKey: (input) => input.seq === 99, isMark: (input) => input.seq === -1 }),
    );
    engine.observe({ key: 'a', seq: 0, timeMicros: 0 }, 0);
    expect(engine.observe({ key: 'a', seq: 99, timeMicros: 1 }, 1).map((out) => out.why)).toEqual(['close']);
    engine.observe({ key: 'b', seq: 0, timeMicros: 0 }, 2);
    expect(
      engine.observe({ key: 'mark', seq: -1, timeMicros: 10_000_000 }, 3).map(({ key, why }) => [key, why]),
    ).toEqual([['b', 'timer']]);
    expect(engine.size).toBe(1);
  });

  it('says of each key what a store must change, and nothing of one that came and went in between', () => {
    const engine = new KeyedEngine(optionsOf({ endsKey: (input) => input.seq === 99 }), { trackChanges: true });
    const see = (key: string, seq: number, offset: number) => engine.observe({ key, seq, timeMicros: 0 }, offset);
    const changes = () => [...engine.takeChanges()].map(({ key, state }) => `${key} ${state ? 'kept' : 'closed'}`);
    see('a', 0, 0);
    see('b', 0, 1);
    see('short', 0, 2);
    see('short', 99, 3);
    expect(changes()).toEqual(['a kept', 'b kept']);
    expect(changes()).toEqual([]);
    see('a', 99, 4);
    see('b', 99, 5);
    see('b', 0, 6);
    expect(changes()).toEqual(['a closed', 'b kept']);
    see('b', 99, 7);
    see('b', 0, 8);
    see('b', 99, 9);
    expect(changes()).toEqual(['b closed']);
  });

  it('closes in the store what it was given from there and does not use', () => {
    const before = new KeyedEngine(optionsOf(), { trackChanges: true });
    before.observe({ key: 'a', seq: 0, timeMicros: 0 }, 0);
    const after = new KeyedEngine(optionsOf(), { trackChanges: true });
    for (const { key, state } of before.takeChanges()) after.keep(key, state!);
    after.bury();
    expect(after.size).toBe(0);
    expect(after.observe({ key: 'b', seq: 0, timeMicros: 9e9 }, 1)).toEqual([]);
    expect([...after.takeChanges()].map(({ key, state }) => `${key} ${state ? 'kept' : 'closed'}`)).toEqual([
      'a closed',
      'b kept',
    ]);
  });

  it('keeps the order of idleness over a restore', () => {
    const before = new KeyedEngine(optionsOf(), { trackChanges: true });
    for (const [offset, key] of ['a', 'b', 'c', 'a'].entries()) before.observe({ key, seq: 0, timeMicros: 0 }, offset);
    const keys = [...before.takeChanges()].flatMap(({ key, state }) => (state ? [{ key, state }] : []));
    for (const order of [keys, keys.slice().reverse()]) {
      const after = new KeyedEngine(optionsOf({ maxKeys: 3 }));
      for (const { key, state } of order) after.keep(key, state);
      after.restore(before.encodePartition());
      expect([...after.scores()].map(({ key }) => key)).toEqual(['b', 'c', 'a']);
      expect(after.observe({ key: 'd', seq: 0, timeMicros: 0 }, 4).map(({ key, why }) => [key, why])).toEqual([
        ['b', 'close'],
      ]);
    }
  });

  it('says so where a detector stays due', () => {
    const engine = new KeyedEngine(optionsOf({ detector: { ...countDetector(), dueAt: () => 0, onTime: () => [] } }));
    expect(() => engine.observe({ key: 'a', seq: 0, timeMicros: 5_000_000 }, 0)).toThrow(/stays so after onTime/);
  });
});
