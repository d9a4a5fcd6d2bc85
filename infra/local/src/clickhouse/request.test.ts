// What stands in a URL and in headers, and that none of it is ever read as SQL.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRequest, setupStatements } from './request.js';
import { sqlTokens } from './sql-tokens.js';

const read = (search: string, headers: Record<string, string> = {}): ReturnType<typeof readRequest> =>
  readRequest(new URL(`http://h/?${search}`), headers);

describe('readRequest', () => {
  it('gives the engine its settings and keeps what is the server\u2019s own', () => {
    const request = read('query=SELECT+1&database=d&max_threads=2&wait_end_of_query=1&query_id=q&param_x=7');
    expect([...request.settings]).toEqual([['max_threads', '2']]);
    expect([...request.params]).toEqual([['x', '7']]);
    expect(request).toMatchObject({ query: 'SELECT 1', database: 'd', queryId: 'q', user: 'default' });
  });

  it('reads the user from the header, from Basic, or from the URL', () => {
    expect(read('', { 'x-clickhouse-user': 'u', 'x-clickhouse-key': 'k' })).toMatchObject({ user: 'u', password: 'k' });
    const basic = Buffer.from('u:a:b').toString('base64');
    expect(read('', { authorization: `Basic ${basic}` })).toMatchObject({ user: 'u', password: 'a:b' });
    expect(read('user=u&password=p')).toMatchObject({ user: 'u', password: 'p' });
  });

  it.each(['max_threads%20=1', "a'=1", 'a;b=1', 'param_x-y=1', 'param_=1', '1a=1'])(
    'refuses the name in %s',
    (search) => expect(() => read(search)).toThrow(),
  );
});

describe('setupStatements', () => {
  it('sets readonly last, since it locks all others', () => {
    const { settings, params, database } = read('readonly=1&max_threads=2&database=d&param_x=1');
    expect(setupStatements({ params, database }, settings)).toEqual([
      'USE `d`',
      "SET param_x = '1'",
      "SET max_threads = '2'",
      "SET readonly = '1'",
    ]);
  });

  it('never lets a value or a database become a token of its own', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (value, database) => {
        const params = new Map([['x', value]]);
        const setup = setupStatements({ params, database }, new Map([['max_threads', value]]));
        expect(setup.map((sql) => [...sqlTokens(sql)].length)).toEqual([2, 4, 4]);
      }),
    );
  });
});
