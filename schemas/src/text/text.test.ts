// Laws of the text primitives: total on any string, stable under what does not matter, exact where sets are small.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HashList,
  bottomK,
  canonicalArguments,
  canonicalText,
  fingerprintOf,
  halfSipHash,
  hamming64,
  hash32,
  hash64,
  jaccardOfSketches,
  keyedHash,
  mix32,
  simhash64,
  sketchFromBytes,
  sketchOf,
  sketchToBytes,
  tokenHashPairs,
  tokenHashes,
  tokens,
} from './index.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
);

describe('hash32', () => {
  it('is FNV-1a over UTF-8, mixed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let h = 0x811c9dc5;
        for (const byte of Buffer.from(text)) h = Math.imul(h ^ byte, 0x01000193);
        expect(hash32(text)).toBe(mix32(h));
      }),
    );
  });

  it('treats a lone surrogate as U+FFFD, in hash64 too', () => {
    expect(hash32('a\ud800b')).toBe(hash32('a\ufffdb'));
    expect(hash64('a\udc00b')).toEqual(hash64('a\ufffdb'));
  });
});

describe('tokens', () => {
  it('gives both levels from one pass as from two', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const level1 = new HashList();
        const level2 = new HashList();
        tokenHashPairs(text, level1, level2);
        const listed = [level1, level2].map(({ words, count }) => [...words.subarray(0, count)]);
        expect(listed).toEqual([tokenHashes(text, 1), tokenHashes(text, 2)]);
      }),
    );
  });

  it('never throws, and tokenHashes are the hashes of the tokens', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(1 as const, 2 as const), (text, level) => {
        expect(tokenHashes(text, level)).toEqual(tokens(text, level).map(hash32));
      }),
    );
  });

  it.each([
    ['Order 12345 on 2024-05-01T10:00:00Z', 'order 12345 on #t'],
    ['at 2024-05-01 10:00:00.123+02:00, 9:30 and 23:59:59.5', 'at #t #t and #t'],
    ['10:30am is not masked, nor 2024-05-01', '10 30am is not masked nor 2024 05 01'],
    ['id 550e8400-e29b-41d4-a716-446655440000!', 'id #'],
    ['123456789 12345678', '# 12345678'],
    ['call_0123456789abcdef deadbeef1', 'call # deadbeef1'],
    ['open /tmp/x7f3/report.pdf', 'open tmp #p report pdf'],
    ['open /tmp/report', 'open tmp report'],
    ['C:\\Temp\\1a2b\\out.txt', 'c temp #p out txt'],
    ['/var/folders/zz/q1w2e3/T/a', 'var folders #p t a'],
    ['東京タワー', '東京 京タ タワ ワー'],
    ['naïve café😀 x', 'naïve café x'],
  ])('level 1 of %j is %j', (text, expected) => {
    expect(tokens(text, 1).join(' ')).toBe(expected);
  });

  it.each([
    ['paid 1,234.50 EUR', 'paid # eur'],
    ['2024-05-01', '#'],
    ['page 3 of 12', 'page # of #'],
    ['v2 abc123def x9y', '# # x9y'],
  ])('level 2 of %j is %j', (text, expected) => {
    expect(tokens(text, 2).join(' ')).toBe(expected);
  });

  it('looks at maxChars units alone', () => {
    expect(tokens('alpha beta', 1, 5)).toEqual(['alpha']);
  });

  it.each(['1', '/tmp/', 'a-', '550e8400-', '9:', '2024-', '/var/folders/', '東'])(
    'is linear in endless %j',
    (unit) => {
      const time = (chars: number): number => {
        const text = unit.repeat(Math.ceil(chars / unit.length));
        const start = performance.now();
        tokens(text, 2, chars);
        return performance.now() - start;
      };
      time(100_000);
      expect(time(1_000_000)).toBeLessThan(5_000);
    },
  );
});

describe('canonicalArguments', () => {
  it('does not see key order or spacing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 }), (record) => {
        const turned = Object.fromEntries(Object.entries(record).reverse());
        expect(canonicalArguments(JSON.stringify(turned, null, 3))).toEqual(canonicalArguments(JSON.stringify(record)));
      }),
    );
  });

  it('gives sorted leaves', () => {
    expect(canonicalArguments(' {"b":{"y":[1,true,null],"x":{}},"a":"t"}')).toEqual([
      { path: 'a', value: 't' },
      { path: 'b.x', value: '' },
      { path: 'b.y', value: '1' },
      { path: 'b.y', value: 'true' },
      { path: 'b.y', value: '' },
    ]);
  });

  it.each([
    '',
    'plain',
    '"text"',
    '12',
    '{broken',
    '['.repeat(100_000),
    '['.repeat(50) + ']'.repeat(50),
    JSON.stringify(Array(2000).fill(1)),
    `{"a":"${'x'.repeat(20_000)}"}`,
  ])('takes what it cannot flatten as one text (case %#)', (input) => {
    expect(canonicalArguments(input)).toEqual([{ path: '', value: input }]);
  });

  it('keeps a path that looks like a line apart from that line', () => {
    expect(canonicalText('{"a=x\\nb":"c"}', 1)).not.toBe(canonicalText('{"a":"x","b":"c"}', 1));
  });
});

describe('simhash64', () => {
  it('is the majority of bits, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 200 }), (hashes) => {
        const counts = new Array<number>(64).fill(0);
        for (const hash of hashes) {
          const high = mix32(hash ^ 0x9e3779b9);
          for (let b = 0; b < 32; b++) {
            counts[b]! += (hash >>> b) & 1;
            counts[32 + b]! += (high >>> b) & 1;
          }
        }
        const half = (from: number): number => {
          let value = 0;
          for (let b = 0; b < 32; b++) if (counts[from + b]! * 2 > hashes.length) value |= 1 << b;
          return value >>> 0;
        };
        expect(simhash64(hashes)).toEqual({ high: half(32), low: half(0) });
        expect(simhash64([...hashes].reverse())).toEqual(simhash64(hashes));
      }),
    );
  });

  it('moves little with one word of forty, much with another text', () => {
    const words = Array.from({ length: 40 }, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${'xyz'[i % 3]!}`);
    const near = [...words.slice(1), 'other'];
    const far = words.map((word) => `${word}q`);
    const of = (list: string[]) => simhash64(list.map(hash32));
    expect(hamming64(of(words), of(near))).toBeLessThan(16);
    expect(hamming64(of(words), of(far))).toBeGreaterThan(16);
    expect(hamming64({ high: 0xffffffff, low: 0xffffffff }, { high: 0, low: 0 })).toBe(64);
  });
});

describe('bottom-k sketches', () => {
  const hashes = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 60 });

  it('are the k smallest distinct hashes, ascending, and survive bytes', () => {
    fc.assert(
      fc.property(hashes, fc.integer({ min: 1, max: 40 }), (list, k) => {
        const expected = [...new Set(list)].sort((a, b) => a - b).slice(0, k);
        expect([...bottomK(list, k)]).toEqual(expected);
        expect([...sketchFromBytes(sketchToBytes(bottomK(list, k)))]).toEqual(expected);
      }),
    );
  });

  it('give the exact overlap of small sets', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(50), { maxLength: 31 }),
        fc.uniqueArray(fc.nat(50), { maxLength: 31 }),
        (a, b) => {
          const both = a.filter((x) => b.includes(x)).length;
          const union = a.length + b.length - both;
          expect(jaccardOfSketches(bottomK(a), bottomK(b))).toBe(union === 0 ? 0 : both / union);
        },
      ),
    );
  });

  it('estimate the overlap of large sets', () => {
    const set = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => mix32(from + i));
    const j = jaccardOfSketches(bottomK(set(0, 3000), 256), bottomK(set(1000, 4000), 256), 256);
    expect(Math.abs(j - 0.5)).toBeLessThan(0.1);
  });
});

describe('keyedHash', () => {
  it('is HalfSipHash-2-4 of a 4-byte message (the reference vector)', () => {
    // Key 00..07, message 00 01 02 03.
    expect(halfSipHash(0x03020100, 0x07060504, 0x03020100)).toBe(0x89466e2a);
  });

  it('relates nothing between tenants', () => {
    expect(sketchOf('the same words here', 'tenant-a')).not.toEqual(sketchOf('the same words here', 'tenant-b'));
    expect(keyedHash('a')(1)).toBe(keyedHash('a')(1));
  });
});

describe('fingerprintOf', () => {
  it('is zeros for no text, and 16 bytes for any', () => {
    expect(fingerprintOf('')).toEqual(Buffer.alloc(16));
    fc.assert(
      fc.property(anyText, (text) => {
        expect(fingerprintOf(text)).toHaveLength(16);
      }),
    );
  });

  it('is hash64 of the canonical text, then simhash64 of the values at level 2', () => {
    const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(anyText, json), (text) => {
        fc.pre(text !== '');
        const exact = hash64(canonicalText(text, 1));
        const near = simhash64(canonicalArguments(text).flatMap(({ value }) => tokenHashes(value, 2)));
        const expected = Buffer.alloc(16);
        [exact.high, exact.low, near.high, near.low].forEach((word, i) => expected.writeUInt32BE(word, i * 4));
        expect(fingerprintOf(text)).toEqual(expected);
        const keyed = keyedHash('t');
        const level1 = canonicalArguments(text).flatMap(({ value }) => tokenHashes(value, 1));
        expect(sketchOf(text, 't')).toEqual(sketchToBytes(bottomK(level1.map(keyed))));
      }),
    );
  });

  it('does not see stamps and ids; its near half does not see numbers', () => {
    const first = fingerprintOf('{"q":"flights","page":1,"at":"2024-05-01T10:00:00Z"}');
    const again = fingerprintOf('{"at":"2025-01-01T11:30:00Z","page":1,"q":"flights"}');
    const next = fingerprintOf('{"q":"flights","page":2,"at":"2024-05-01T10:00:00Z"}');
    expect(again).toEqual(first);
    expect(next.subarray(0, 8)).not.toEqual(first.subarray(0, 8));
    expect(next.subarray(8)).toEqual(first.subarray(8));
  });

  it('sees the end of a text beyond its bound', () => {
    const long = 'word '.repeat(10_000);
    expect(fingerprintOf(`${long}x`)).not.toEqual(fingerprintOf(`${long}y`));
  });
});
