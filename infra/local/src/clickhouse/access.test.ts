// The reader's limits hold, and nobody else gets in.
import { describe, expect, it } from 'vitest';
import { checkStatement, grantedSettings, type Reader } from './access.js';
import { statusOf, toQueryError } from './exceptions.js';
import { readStatement } from './statement.js';

const reader: Reader = { name: 'reader', password: 'p', limits: new Map([['max_execution_time', 30]]) };
const asReader = (settings: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    grantedSettings({ user: 'reader', password: 'p', settings: new Map(Object.entries(settings)) }, 'POST', reader),
  );
const codeOf = (work: () => void): number | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return toQueryError(error).clickhouseCode;
  }
};

describe('the reader', () => {
  it.each([
    [{}, '30'],
    [{ max_execution_time: '5' }, '5'],
    [{ max_execution_time: '31' }, '30'],
    [{ max_execution_time: '0' }, '30'],
    [{ max_execution_time: '-1' }, '30'],
    [{ max_execution_time: '1e9' }, '30'],
    [{ max_execution_time: 'x' }, '30'],
  ])('that asks for %j gets %s s', (asked, expected) => expect(asReader(asked)['max_execution_time']).toBe(expected));

  it('is always readonly = 1, and a result that is too long fails instead of breaking off', () => {
    expect(asReader({ readonly: '0', result_overflow_mode: 'break' })).toMatchObject({
      readonly: '1',
      result_overflow_mode: 'throw',
    });
  });

  it.each([
    ['INSERT INTO t VALUES (1)', 164],
    ['INSERT INTO t FORMAT CSV\n1', 164],
    ['/* SELECT */ DROP TABLE t', 164],
    ['KILL QUERY WHERE 1', 164],
    ['SET readonly = 0', 164],
    ['SELECT 1; DROP TABLE t', 62],
    ["SELECT 1 INTO OUTFILE 'x'", 358],
    ['', 62],
    ['WITH x AS (SELECT 1) SELECT * FROM x', undefined],
    ['(SELECT 1)', undefined],
    ['EXPLAIN SELECT 1', undefined],
  ])('may run %j: %s', (sql, code) => {
    const settings = new Map([['readonly', '1']]);
    expect(codeOf(() => checkStatement(readStatement(sql), settings))).toBe(code);
  });
});

describe('users', () => {
  const asking = (user: string, password: string) => () =>
    void grantedSettings({ user, password, settings: new Map() }, 'POST', reader);

  it('are the default one and the reader', () => {
    expect(codeOf(asking('default', ''))).toBeUndefined();
    expect(codeOf(asking('reader', 'p'))).toBeUndefined();
    expect(codeOf(asking('reader', 'x'))).toBe(516);
    expect(codeOf(asking('other', ''))).toBe(516);
    expect(statusOf(516)).toBe(403);
  });

  it('write by POST alone', () => {
    const get = grantedSettings({ user: 'default', password: '', settings: new Map() }, 'GET', reader);
    expect(get.get('readonly')).toBe('2');
  });
});
