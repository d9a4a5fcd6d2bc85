// The engine's errors, as a client of ClickHouse reads them.
import { describe, expect, it } from 'vitest';
import { exceptionBody, statusOf, toQueryError } from './exceptions.js';

describe('exceptions', () => {
  it('take number and text from the engine\u2019s message', () => {
    const error = toQueryError(new Error('Query failed: Code: 60. DB::Exception: Unknown table nope. (UNKNOWN_TABLE)'));
    expect(error).toMatchObject({ clickhouseCode: 60, message: 'Unknown table nope. (UNKNOWN_TABLE)' });
    expect(exceptionBody(error, '26.7')).toBe(
      'Code: 60. DB::Exception: Unknown table nope. (UNKNOWN_TABLE) (version 26.7 (watchkeeper local))\n',
    );
  });

  it('without a number are UNKNOWN_EXCEPTION', () => {
    expect(toQueryError('broken').clickhouseCode).toBe(1002);
  });

  it.each([
    [60, 404],
    [62, 400],
    [81, 404],
    [516, 403],
    [159, 408],
    [48, 501],
    [395, 500],
    [1002, 500],
  ])(
    // prettier-ignore
    '%i is answered with %i',
    (code, status) => expect(statusOf(code)).toBe(status),
  );
});
