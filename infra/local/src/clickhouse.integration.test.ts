// The local ClickHouse as its clients see it: the official client, and plain HTTP as curl sends it.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ClickHouseError, createClient, type ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { avroRows } from './avro-rows.testing.js';
import { stopLocalBackends } from './backends.js';
import { serverName } from './clickhouse/server-name.js';
import { ensureClickHouse } from './clickhouse.js';

const dataDir = mkdtempSync(join(tmpdir(), 'wk-clickhouse-'));
let url: string;
let client: ClickHouseClient;

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly bytes: Buffer;
  readonly text: string;
}

/** A POST as curl sends it; settings and parameters in the URL. */
function post(
  body: string | Buffer,
  search: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${url}/?${new URLSearchParams(search).toString()}`,
      { method: 'POST', headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, text: bytes.toString() });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function ok(body: string, search: Record<string, string> = {}): Promise<string> {
  const answer = await post(body, search);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.text.trimEnd();
}

const rows = async (query: string, params: Record<string, unknown> = {}): Promise<unknown[]> =>
  (await client.query({ query, query_params: params, format: 'JSONEachRow' })).json();

beforeAll(async () => {
  ({ url } = await ensureClickHouse({ dataDir, preferredPort: 0 }));
  client = createClient({ url, compression: { request: true, response: true } });
});
afterAll(async () => {
  await client.close();
  await stopLocalBackends({ dataDir });
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the official client', () => {
  it('pings, both ways', async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
  });

  it('gets back every type it put in, packed both ways', async () => {
    await client.command({
      query: `CREATE TABLE types (i Int64, d Decimal(18, 9), t DateTime64(6, 'UTC'), a Array(Nullable(String)), m Map(String, Int64), s String, b Bool)
              ENGINE = MergeTree ORDER BY i`,
    });
    const row = {
      i: '9007199254740993',
      d: '0.123456789',
      t: '2026-01-02 03:04:05.678901',
      a: ['x', null, "it's; \\ \n"],
      m: { k: '-1' },
      s: 'über \u0000 😀',
      b: true,
    };
    const settings = { output_format_json_quote_64bit_integers: 1, output_format_json_quote_decimals: 1 } as const;
    const inserted = await client.insert({ table: 'types', values: [row], format: 'JSONEachRow' });
    expect(inserted).toMatchObject({ executed: true, summary: { written_rows: '1' } });
    const found = await client.query({
      query: 'SELECT * FROM types',
      format: 'JSONEachRow',
      clickhouse_settings: settings,
    });
    expect(await found.json()).toEqual([row]);
  });

  it('binds parameters as values, whatever they hold', async () => {
    const nasty = "'; DROP TABLE types; -- \\ \t\n{x:Int8}";
    const query =
      'SELECT {s:String} AS s, {l:Array(Int64)} AS l, {n:Nullable(Int8)} AS n, {t:Identifier} AS t FROM (SELECT 5 AS five)';
    expect(await rows(query, { s: nasty, l: [1, 2], n: null, t: 'five' })).toEqual([
      { s: nasty, l: [1, 2], n: null, t: 5 },
    ]);
  });

  it('fills omitted columns with their defaults', async () => {
    await client.command({
      query:
        "CREATE TABLE defaults (a Int64, b String DEFAULT 'none', c Int64 DEFAULT a * 2) ENGINE = MergeTree ORDER BY a",
    });
    await client.insert({ table: 'defaults', values: [{ a: 1 }, { a: 2, b: 'x' }], format: 'JSONEachRow' });
    await client.insert({ table: 'defaults', columns: ['a'], values: [[3]], format: 'JSONCompactEachRow' });
    expect(await rows('SELECT * FROM defaults ORDER BY a')).toEqual([
      { a: 1, b: 'none', c: 2 },
      { a: 2, b: 'x', c: 4 },
      { a: 3, b: 'none', c: 6 },
    ]);
  });

  it('hears errors with their number', async () => {
    const failed = client.query({ query: 'SELECT * FROM nope' });
    await expect(failed).rejects.toBeInstanceOf(ClickHouseError);
    await expect(failed).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' });
  });

  it('streams a result that is larger than its pieces', async () => {
    const result = await client.query({ query: 'SELECT number FROM numbers(300000)', format: 'JSONEachRow' });
    let sum = 0;
    for await (const some of result.stream<{ number: number }>()) for (const row of some) sum += row.json().number;
    expect(sum).toBe((300_000 * 299_999) / 2);
  });
});

describe('plain HTTP', () => {
  it('answers ping with the name that tells this folder\u2019s server from others', async () => {
    const answer = await fetch(`${url}/ping`);
    expect(await answer.text()).toBe('Ok.\n');
    expect(answer.headers.get('x-clickhouse-server-display-name')).toBe(serverName(join(dataDir, 'clickhouse')));
  });

  it('gives headers as ClickHouse does', async () => {
    const answer = await post('SELECT 1 FORMAT JSONCompact', { query_id: 'mine' });
    expect(answer.headers).toMatchObject({
      'x-clickhouse-query-id': 'mine',
      'x-clickhouse-format': 'JSONCompact',
      'content-type': 'application/json; charset=UTF-8',
      'x-clickhouse-timezone': expect.any(String) as string,
    });
    expect(JSON.parse(answer.headers['x-clickhouse-summary'] as string)).toHaveProperty('elapsed_ns');
  });

  it.each([
    ['SELEC 1', {}, 400, '62'],
    ['SELECT * FROM nope', {}, 404, '60'],
    ['SELECT 1', { nonsense_setting: '1' }, 404, '115'],
    ['SELECT 1', { database: 'nope' }, 404, '81'],
    ['SELECT throwIf(1)', {}, 500, '395'],
    ['SELECT 1; SELECT 2', {}, 400, '62'],
    ['SELECT sleep(3)', { max_execution_time: '0.2' }, 408, '159'],
    ['SELECT number FROM numbers(100)', { max_result_rows: '5', result_overflow_mode: 'throw' }, 500, '396'],
    ['', { query: 'INSERT INTO types FORMAT JSONEachRow' }, 500, '108'],
  ])('answers %j with %j by status %i and code %s', async (sql, search, status, code) => {
    const answer = await post(sql, search);
    expect([answer.status, answer.headers['x-clickhouse-exception-code']]).toEqual([status, code]);
    expect(answer.text).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: `));
  });

  it('lets a setting of the URL reach the engine, and no further than its request', async () => {
    expect(await ok("SELECT getSetting('max_block_size')", { max_block_size: '1234' })).toBe('1234');
    expect(await ok("SELECT getSetting('max_block_size')")).not.toBe('1234');
  });

  it('packs only where asked', async () => {
    const sql = 'SELECT number FROM numbers(200000)';
    const packed = await post(sql, { enable_http_compression: '1' }, { 'accept-encoding': 'gzip, deflate' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    const bare = await post(sql, {}, { 'accept-encoding': 'gzip' });
    expect(bare.headers['content-encoding']).toBeUndefined();
    expect(gunzipSync(packed.bytes).equals(bare.bytes)).toBe(true);
  });

  it('takes a statement and its rows in one body, packed, with bytes that are no text', async () => {
    await ok('CREATE TABLE raw (n UInt64, s String) ENGINE = MergeTree ORDER BY n');
    const row = Buffer.from([7, 0, 0, 0, 0, 0, 0, 0, 3, 0x00, 0xff, 0x27]);
    const body = Buffer.concat([Buffer.from('INSERT INTO raw FORMAT RowBinary\n'), row]);
    expect((await post(gzipSync(body), {}, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(await ok('SELECT n, hex(s) FROM raw')).toBe('7\t00FF27');
    const broken = await post(Buffer.from('not gzip'), {}, { 'content-encoding': 'gzip' });
    expect(broken.status).toBe(500);
  });

  it('takes a statement of a long URL', async () => {
    const query = `SELECT '${'x'.repeat(100_000)}' AS x, `;
    expect(await ok('length(x)', { query })).toMatch(/100000$/);
  });

  it('ends the query of a client that breaks off in the middle of its result', async () => {
    const sql = "SELECT number, 'broken off' FROM numbers(1000000000000)";
    const sent = httpRequest(url, { method: 'POST' }, (answer) => answer.once('data', () => void sent.destroy()));
    await new Promise<void>((resolve) => {
      sent.on('close', () => resolve());
      sent.on('error', () => undefined);
      sent.end(sql);
    });
    const running =
      "SELECT count() FROM system.processes WHERE query LIKE '%broken off%' AND query NOT LIKE '%processes%'";
    await expect.poll(() => ok(running), { timeout: 10_000 }).toBe('0');
  });

  it('takes no second query of an id while the first is at work', async () => {
    const slow = post('SELECT sleepEachRow(1)', { query_id: 'one' });
    const second = async (): Promise<unknown> =>
      (await post('SELECT 1', { query_id: 'one' })).headers['x-clickhouse-exception-code'];
    await expect.poll(second, { timeout: 10_000, interval: 20 }).toBe('216');
    expect((await slow).status).toBe(200);
    expect((await post('SELECT 1', { query_id: 'one' })).text).toBe('1\n');
  });

  it('goes on after a client that breaks off', async () => {
    const sent = httpRequest(`${url}/?query=${encodeURIComponent('INSERT INTO raw FORMAT RowBinary')}`, {
      method: 'POST',
      headers: { 'content-length': '1000' },
    });
    await new Promise<void>((resolve) => {
      sent.on('error', () => resolve());
      sent.write('abc', () => sent.destroy(new Error('gone')));
    });
    expect(await ok('SELECT count() FROM raw')).toBe('1');
  });
});

describe('inserts as landing makes them', () => {
  const structure = 'kafka_offset Int64, body String, offset_again Int64';
  const select = `SELECT kafka_offset, body FROM input('${structure}') WHERE NOT ignore(throwIf(offset_again != kafka_offset, 'poison'))`;
  const insert = (rows_: Buffer, token: string): Promise<Answer> =>
    post(rows_, {
      query: `INSERT INTO blocks (kafka_offset, body) ${select} FORMAT Avro`,
      insert_deduplication_token: token,
      async_insert: '0',
      wait_end_of_query: '1',
      deduplicate_blocks_in_dependent_materialized_views: '1',
    });
  const counts = (): Promise<string> =>
    ok('SELECT count(), uniqExact(kafka_offset), (SELECT sum(n) FROM folded) FROM blocks');

  beforeAll(async () => {
    const window = 'SETTINGS non_replicated_deduplication_window = 100000';
    await ok(
      `CREATE TABLE blocks (kafka_offset Int64, body String) ENGINE = MergeTree ORDER BY kafka_offset ${window}`,
    );
    await ok(
      `CREATE TABLE folded (k Int64, n SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY k ${window}`,
    );
    await ok(
      'CREATE MATERIALIZED VIEW fold TO folded AS SELECT kafka_offset % 7 AS k, count() AS n FROM blocks GROUP BY k',
    );
  });

  it('land 50,000 rows once, however often their token comes', async () => {
    const block = avroRows(0, 50_000);
    for (let i = 0; i < 3; i += 1) expect((await insert(block, 'first')).status).toBe(200);
    expect(await counts()).toBe('50000\t50000\t50000');
    expect((await insert(avroRows(50_000, 10), 'second')).status).toBe(200);
    expect(await counts()).toBe('50010\t50010\t50010');
  });

  it('land nothing of a block with a poisoned row, and its token lands later', async () => {
    const poisoned = await insert(avroRows(60_000, 1_000, { wrongAt: 60_500 }), 'third');
    expect([poisoned.status, poisoned.headers['x-clickhouse-exception-code']]).toEqual([500, '395']);
    expect(await counts()).toBe('50010\t50010\t50010');
    expect((await insert(avroRows(60_000, 1_000), 'third')).status).toBe(200);
    expect(await counts()).toBe('51010\t51010\t51010');
  });

  it('find poison without inserting', async () => {
    const check = (rows_: Buffer): Promise<Answer> =>
      post(rows_, { query: `INSERT INTO FUNCTION null('kafka_offset Int64, body String') ${select} FORMAT Avro` });
    expect((await check(avroRows(0, 1_000))).status).toBe(200);
    expect((await check(avroRows(0, 1_000, { wrongAt: 999 }))).headers['x-clickhouse-exception-code']).toBe('395');
    expect((await check(avroRows(0, 1_000).subarray(0, -20))).status).not.toBe(200);
  });

  it('leave reads free', async () => {
    const block = avroRows(1_000_000, 50_000, { padding: 500 });
    const inserting = Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((token) => insert(block, token)));
    const under = { way: true };
    void inserting.finally(() => (under.way = false));
    let answered = -1; // the last answer may be later than the last insert's
    while (under.way) {
      await ok('SELECT 1');
      answered += 1;
    }
    for (const answer of await inserting) expect(answer.status).toBe(200);
    // Six inserts hold more threads than libuv's pool has by default: reads behind them would be answered when they are done.
    expect(answered).toBeGreaterThan(5);
  });

  it('leave no file behind', () => {
    const name = serverName(join(dataDir, 'clickhouse'));
    const folders = [join('/dev/shm', name), join(dataDir, 'clickhouse', 'spool')];
    const left = folders.flatMap((folder) => {
      try {
        return readdirSync(folder);
      } catch {
        return [];
      }
    });
    expect(left).toEqual([]);
  });
});

describe('the reader', () => {
  const asReader = (sql: string, search: Record<string, string> = {}): Promise<Answer> =>
    post(sql, search, { 'x-clickhouse-user': 'reader' });

  it('reads', async () => {
    expect((await asReader('WITH 1 AS one SELECT one, count() > 0 FROM blocks')).text).toBe('1\t1\n');
    expect((await asReader('SHOW TABLES')).status).toBe(200);
  });

  it.each([
    'INSERT INTO blocks VALUES (1, 2)',
    'DROP TABLE blocks',
    'SELECT 1 SETTINGS max_execution_time = 0',
    'SELECT 1 SETTINGS readonly = 0',
    'SET max_execution_time = 0',
    "SELECT * FROM file('/etc/hostname', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT 1 INTO OUTFILE '/tmp/wk-never'",
    'KILL QUERY WHERE 1',
    'SYSTEM DROP MARK CACHE',
    'CREATE TEMPORARY TABLE x (a Int8)',
  ])('may not: %s', async (sql) => expect((await asReader(sql)).status).not.toBe(200));

  it('cannot loosen a limit by the URL', async () => {
    const answer = await asReader("SELECT getSetting('max_execution_time'), getSetting('readonly')", {
      max_execution_time: '0',
      readonly: '0',
    });
    expect(answer.text).toBe('30\t1\n');
  });

  it('is refused under another name', async () => {
    const answer = await post('SELECT 1', {}, { 'x-clickhouse-user': 'nobody' });
    expect([answer.status, answer.headers['x-clickhouse-exception-code']]).toEqual([403, '516']);
  });
});
