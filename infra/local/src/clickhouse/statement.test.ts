// What the server reads of statements, and how an insert comes to read a file.
import { describe, expect, it } from 'vitest';
import { insertFromFile, readStatement } from './statement.js';

const rewritten = (sql: string): string => {
  const statement = readStatement(sql);
  if (statement.kind !== 'insert-data') throw new Error(`no rows follow: ${sql}`);
  return insertFromFile(statement, '/s/1').replace(/\s+/g, ' ');
};
const plain = (sql: string): { verb: string; format: string | undefined; many: boolean; intoOutfile: boolean } => {
  const statement = readStatement(sql);
  if (statement.kind !== 'plain') throw new Error(`rows follow: ${sql}`);
  const { verb, format, many, intoOutfile } = statement;
  return { verb, format, many, intoOutfile };
};

describe('an insert with rows behind it', () => {
  it.each([
    ['INSERT INTO t FORMAT JSONEachRow', "INSERT INTO t SELECT * FROM file('/s/1', 'JSONEachRow')"],
    ['insert into d.t (a, b) format CSV', "insert into d.t (a, b) SELECT * FROM file('/s/1', 'CSV')"],
    [
      'INSERT INTO t SETTINGS async_insert = 0 FORMAT Native',
      "INSERT INTO t SETTINGS async_insert = 0 SELECT * FROM file('/s/1', 'Native')",
    ],
    ['INSERT INTO `format` FORMAT CSV', "INSERT INTO `format` SELECT * FROM file('/s/1', 'CSV')"],
    ['INSERT INTO format (values) FORMAT CSV', "INSERT INTO format (values) SELECT * FROM file('/s/1', 'CSV')"],
    [
      "INSERT INTO FUNCTION null('a Int64') FORMAT Avro",
      "INSERT INTO FUNCTION null('a Int64') SELECT * FROM file('/s/1', 'Avro')",
    ],
    [
      "INSERT INTO t (a) SELECT b AS a FROM input('b Int64') WHERE b > 0 FORMAT Avro",
      "INSERT INTO t (a) SELECT b AS a FROM file('/s/1', 'Avro', 'b Int64') WHERE b > 0 ",
    ],
    ['INSERT INTO t SELECT * FROM input() FORMAT Avro', "INSERT INTO t SELECT * FROM file('/s/1', 'Avro') "],
    [
      "INSERT INTO t WITH x AS (SELECT format FROM input('format String')) SELECT * FROM x FORMAT CSV",
      "INSERT INTO t WITH x AS (SELECT format FROM file('/s/1', 'CSV', 'format String')) SELECT * FROM x ",
    ],
  ])('%s', (sql, expected) => expect(rewritten(sql).trim()).toBe(expected.trim()));

  it.each([
    ['INSERT INTO t FORMAT CSV\n1,2\n', '1,2\n'],
    ['INSERT INTO t FORMAT CSV 1,2', '1,2'],
    ['INSERT INTO t FORMAT CSV;\r\n1', '1'],
    ['INSERT INTO t FORMAT CSV\n\n1', '\n1'],
    ['INSERT INTO t FORMAT RowBinary\n\u0000;\'"', '\u0000;\'"'],
  ])('leaves the rows of %j as they are', (sql, rows) => {
    const statement = readStatement(sql);
    expect(statement.kind === 'insert-data' && sql.slice(statement.dataStart)).toBe(rows);
  });
});

describe('a plain statement', () => {
  it.each([
    ["INSERT INTO t VALUES (1, 'x; FORMAT CSV')", { verb: 'INSERT', format: undefined }],
    ['INSERT INTO t FORMAT Values (1)', { verb: 'INSERT', format: undefined }],
    ['INSERT INTO t SELECT format FROM s', { verb: 'INSERT', format: undefined }],
    ['SELECT format FROM t FORMAT JSON', { verb: 'SELECT', format: 'JSON' }],
    ['SELECT 1 FORMAT JSON SETTINGS max_threads = 1', { verb: 'SELECT', format: 'JSON' }],
    ["SELECT 'FORMAT CSV'", { verb: 'SELECT', format: undefined }],
    ['/* INSERT */ WITH 1 AS x SELECT x', { verb: 'WITH', format: undefined }],
    ['(SELECT 1)', { verb: 'SELECT', format: undefined }],
    ['  -- nothing', { verb: '', format: undefined }],
  ])('%s', (sql, expected) => expect(plain(sql)).toMatchObject({ ...expected, many: false, intoOutfile: false }));

  it('may end in semicolons and comments, and is alone', () => {
    expect(plain('SELECT 1; -- done\n;').many).toBe(false);
    expect(plain('SELECT 1; DROP TABLE t').many).toBe(true);
    expect(plain("SELECT ';'; /* ; */").many).toBe(false);
  });

  it('is known to write a file', () => {
    expect(plain("SELECT 1 INTO/**/OUTFILE 'x'").intoOutfile).toBe(true);
    expect(plain("SELECT 'INTO OUTFILE'").intoOutfile).toBe(false);
  });
});
