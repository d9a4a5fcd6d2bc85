// The lexer's laws: no token inside a string or a comment, and nothing lost between tokens.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqlString, sqlTokens } from './sql-tokens.js';

const texts = (sql: string): string[] => [...sqlTokens(sql)].map((token) => token.text);

describe('sqlTokens', () => {
  it.each([
    ['SELECT a.b', ['SELECT', 'a', '.', 'b']],
    ['SELECT -- INSERT\n 1', ['SELECT', '1']],
    ['SELECT # INSERT\n 1', ['SELECT', '1']],
    ['SELECT /* a /* nested */ b */ 1', ['SELECT', '1']],
    ["SELECT 'it''s; -- \\' x'", ['SELECT', "'it''s; -- \\' x'"]],
    ['SELECT `a;b`, "c -- d"', ['SELECT', '`a;b`', ',', '"c -- d"']],
    ['SELECT $t$ ; FORMAT $$ $t$, 1', ['SELECT', '$t$ ; FORMAT $$ $t$', ',', '1']],
    ["SELECT 'never closed ; ", ['SELECT', "'never closed ; "]],
  ])('%s', (sql, expected) => expect(texts(sql)).toEqual(expected));

  it('counts the brackets around a token', () => {
    const depths = [...sqlTokens('f(a, [b], (c))')].map((token) => [token.text, token.depth]);
    expect(depths).toEqual([['f', 0], ['(', 0], ['a', 1], [',', 1], ['[', 1], ['b', 2], [']', 1], [',', 1], ['(', 1], ['c', 2], [')', 1], [')', 0]]); // prettier-ignore
  });

  it('keeps tokens in order and apart, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (sql) => {
        let last = 0;
        for (const token of sqlTokens(sql)) {
          expect(token.start).toBeGreaterThanOrEqual(last);
          expect(token.end).toBeGreaterThan(token.start);
          last = token.end;
        }
        expect(last).toBeLessThanOrEqual(sql.length);
      }),
    );
  });

  it('reads any text made a literal as one string', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(texts(sqlString(text))).toEqual([sqlString(text)]);
      }),
    );
  });
});
