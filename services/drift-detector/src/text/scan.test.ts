import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADDRESS, DATE, ID, LINK, NUMBER, PATH, WORD } from './literal.js';
import { MAX_SEGMENTS, scanText } from './scan.js';

const kindsOf = (text: string): number[] => {
  const scan = scanText(text);
  return Array.from(scan.kinds.subarray(0, scan.count));
};
const hashOf = (text: string): number => scanText(text).hashes[0]!;

describe('scan', () => {
  it('knows addresses, links, ids, numbers, dates and paths by their shape', () => {
    expect(kindsOf('ann.b@mail.example')).toEqual([ADDRESS]);
    expect(kindsOf('https://a.example/x?y=1')).toEqual([LINK, LINK]);
    expect(kindsOf('ORD-5512')).toEqual([ID]);
    expect(kindsOf('1,250.00')).toEqual([NUMBER]);
    expect(kindsOf('2026-05-01')).toEqual([DATE]);
    expect(kindsOf('src/deep/file.ts')).toEqual([PATH]);
    expect(kindsOf('plain words here')).toEqual([WORD, WORD, WORD]);
  });

  it('sees one literal in its usual spellings', () => {
    expect(hashOf('https://www.ab.example/x/')).toBe(hashOf('ab.example/x'));
    expect(hashOf('1,250.00')).toBe(hashOf('1250'));
    expect(hashOf('Ann@Mail.Example,')).toBe(hashOf('ann@mail.example'));
  });

  it('reads a long number that comes in groups as one', () => {
    const grouped = scanText('to DE12 3456 7890 1234 now');
    const hashes = Array.from(grouped.hashes.subarray(0, grouped.count));
    expect(hashes).toContain(hashOf('DE12345678901234'));
  });

  it('brings forms of a word together, and leaves different words apart', () => {
    expect(hashOf('transfers')).toBe(hashOf('transferred'));
    expect(hashOf('transfers')).not.toBe(hashOf('translates'));
  });

  it('does not cut a wrapped sentence, and cuts between records', () => {
    expect(scanText('this sentence goes on\n    in the next line').segments).toBe(1);
    expect(scanText('name: Ann\nmail: ann@a.example').segments).toBe(2);
    expect(scanText('{"a":"one two","b":"three four"}').segments).toBe(2);
  });

  it('takes any text, stays within its bounds, and covers its tokens by passages in order', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.stringMatching(/^[a-z0-9@./:, \n-]{0,300}$/)),
        (text) => {
          const scan = scanText(text);
          expect(scan.segments).toBeLessThanOrEqual(MAX_SEGMENTS);
          for (let s = 0; s < scan.segments; s++) {
            expect(scan.segmentToken[s]!).toBeLessThan(scan.segmentToken[s + 1]!);
            expect(scan.segmentStart[s]!).toBeLessThanOrEqual(scan.segmentEnd[s]!);
          }
          for (let t = 0; t < scan.count; t++) expect(scan.hashes[t]).not.toBe(0);
        },
      ),
    );
  });

  it('needs time in proportion to the text, whatever stands in it', () => {
    for (const unit of ['a.', '1 ', 'a1-', '::', '@.', 'x/', '\\n', '","', '12 34 ']) {
      const started = performance.now();
      scanText(unit.repeat(8_000));
      expect(performance.now() - started).toBeLessThan(250);
    }
  });
});
