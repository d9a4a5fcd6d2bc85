// Golden vectors of the text primitives (fixtures/text.json), so that an emitter in another language can be checked. UPDATE_GOLDEN=1 writes them anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  canonicalText,
  fingerprintOf,
  halfSipHash,
  hash32,
  hash64,
  hiddenInput,
  hiddenOutput,
  keyedHash,
  sketchOf,
  tokens,
} from './index.js';

/** A text is given as it is, or as a unit to be repeated. Lone surrogates are JSON escapes. */
interface Vector {
  readonly text?: string;
  readonly repeat?: { unit: string; times: number; then: string };
  readonly expected: unknown;
}

const file = fileURLToPath(new URL('../../fixtures/text.json', import.meta.url));
const TENANT_KEY = 'golden-tenant';

const texts: readonly Omit<Vector, 'expected'>[] = [
  { text: '' },
  { text: 'a' },
  { text: 'Hello, World' },
  { text: 'naïve café, STRASSE straße, İstanbul, ΟΔΟΣ' },
  { text: '東京タワー and 서울 타워 and กรุงเทพ' },
  { text: 'नमस्ते दुनिया' },
  { text: '😀 rocket🚀ship 𝒳𝒴 𠀀𠀁' },
  { text: 'lone \ud800 high, \udc00 low, a\ud83db' },
  { text: 'nul \u0000 inside\u0000word' },
  { text: 'at 2024-05-01T10:00:00.123+02:00 or 2024-05-01 10:00, 9:30, 10:30am, 23:59:59.5' },
  { text: 'id 550e8400-e29b-41d4-a716-446655440000 call_0123456789abcdef 123456789 12345678' },
  { text: 'open /tmp/x7f3/report.pdf, C:\\Temp\\1a2b\\out.txt, /var/folders/zz/q1w2e3/T/a, /tmp/report' },
  { text: 'paid 1,234.50 EUR, -5, v2, abc123def, 2024-05-01, 1/2' },
  { text: 'a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee ff gg hh ii jj kk ll mm' },
  { text: '{"b":{"y":[1,true,null,{"z":"Z"}],"x":{}},"a":"Text of A","n":1.50,"e":1e21}' },
  { text: ' [ 3, 1, 2, [] ]' },
  { text: '{"a=x\\nb":"c","":1,"q\\"":2,"é":3,"Z":4}' },
  { text: '{"same":1,"same":2}' },
  { text: '{"broken":' },
  { text: '"a JSON string is plain text"' },
  { repeat: { unit: '[', times: 17, then: ']'.repeat(17) } },
  { repeat: { unit: '[', times: 100_000, then: '' } },
  { repeat: { unit: 'word 42 ', times: 3_000, then: 'the end' } },
];

function textOf(vector: Omit<Vector, 'expected'>): string {
  return vector.repeat ? vector.repeat.unit.repeat(vector.repeat.times) + vector.repeat.then : (vector.text ?? '');
}

function results(text: string): unknown {
  const { high, low } = hash64(text);
  const short = text.length < 1_000;
  return {
    hash32: hash32(text),
    hash64: [high, low],
    ...(short && { tokens1: tokens(text, 1), tokens2: tokens(text, 2), canonical1: canonicalText(text, 1) }),
    fingerprint: fingerprintOf(text).toString('hex'),
    sketch: sketchOf(text, TENANT_KEY).toString('hex'),
    inputFacets: hiddenInput(text, keyedHash(TENANT_KEY)).facets.toString('hex'),
    outputFacets: hiddenOutput(text, keyedHash(TENANT_KEY)).facets.toString('hex'),
  };
}

describe('golden vectors of text', () => {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    const vectors = texts.map((vector) => ({ ...vector, expected: results(textOf(vector)) }));
    const keyed = [0, 1, 0xffffffff].map((hash) => ({ key: [1, 2], hash, expected: halfSipHash(1, 2, hash) }));
    writeFileSync(file, `${JSON.stringify({ tenantKey: TENANT_KEY, vectors, halfSipHash: keyed }, null, 2)}\n`);
  }
  const golden = JSON.parse(readFileSync(file, 'utf8')) as {
    vectors: Vector[];
    halfSipHash: { key: [number, number]; hash: number; expected: number }[];
  };

  it('cover every text above', () => {
    expect(golden.vectors.map(textOf)).toEqual(texts.map(textOf));
  });

  it.each(golden.vectors.map((vector, index) => [index, vector] as const))('vector %i', (_index, vector) => {
    expect(results(textOf(vector))).toEqual(vector.expected);
  });

  it.each(golden.halfSipHash)('HalfSipHash of $hash', ({ key, hash, expected }) => {
    expect(halfSipHash(key[0], key[1], hash)).toBe(expected);
  });
});
