// watchkeeper sql: one read-only statement, as a table or in any format that ClickHouse writes.

import { pipeline } from 'node:stream/promises';
import { openSql } from '../clickhouse.js';
import { findClickHouse } from '../stack/backends.js';
import { placeOf } from '../stack/environment.js';

/** The user that the local server and infra/clickhouse know as read-only, with limits on time, memory and rows. */
const READER = 'reader';

/** Writes the answer to stdout. */
export async function sql(
  query: string,
  options: { dataDir: string; format: string; database?: string },
): Promise<void> {
  const clickhouseUrl = await findClickHouse(process.env, options.dataDir);
  const username = process.env['WATCHKEEPER_READER_USER'] ?? READER;
  const password = process.env['WATCHKEEPER_READER_PASSWORD'];
  const client = openSql({
    url: clickhouseUrl,
    database: options.database ?? placeOf(process.env).database,
    username,
    ...(password === undefined ? {} : { password }),
  });
  try {
    await pipeline(await client.text(query, options.format), process.stdout, { end: false });
  } finally {
    await client.close();
  }
}
