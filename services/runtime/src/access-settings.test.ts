import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { accessSettings, clickhouseTls, kafkaAccess, shownUrl } from './access-settings.js';
import { loadSettings } from './settings.js';

const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-access-'));
afterAll(() => rmSync(dir, { recursive: true }));
function file(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}
const pem = file('ca.pem', '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n');
const settings = (env: Record<string, string>) => loadSettings(accessSettings, env);
const kafka = (env: Record<string, string>) => kafkaAccess(settings(env));

describe('access to Kafka', () => {
  it('is plain and nameless where nothing is said', () => {
    expect(kafka({})).toEqual({});
  });

  it('believes whom Node believes where no authority is named', () => {
    expect(kafka({ KAFKA_TLS: 'true' })).toEqual({ tls: {} });
  });

  it('takes certificates from files', () => {
    const given = { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: pem, KAFKA_TLS_CERT_FILE: pem, KAFKA_TLS_KEY_FILE: pem };
    expect(Object.keys(kafka(given).tls ?? {})).toEqual(['ca', 'cert', 'key']);
  });

  it.each([
    [{ KAFKA_SASL: 'plain' }, /KAFKA_USERNAME is not set[\s\S]*KAFKA_PASSWORD is not set/],
    [{ KAFKA_SASL: 'oauthbearer' }, /KAFKA_TOKEN_MODULE is not set/],
    [{ KAFKA_USERNAME: 'u' }, /KAFKA_USERNAME is set, but KAFKA_SASL is not/],
    [{ KAFKA_TLS_CA_FILE: pem }, /KAFKA_TLS is not: set KAFKA_TLS=true/],
    [{ KAFKA_TLS: 'true', KAFKA_TLS_CERT_FILE: pem }, /belong together/],
    [{ KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: join(dir, 'absent') }, /absent cannot be read \(ENOENT\)/],
    [{ KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: file('text', 'hello') }, /holds no PEM/],
  ])('stops at %j', (env, sentence) => {
    expect(() => kafka(env as Record<string, string>)).toThrow(sentence);
  });

  it('never shows a password', () => {
    const env = { KAFKA_PASSWORD: 'the-word' };
    expect(() => kafka(env)).toThrow(/KAFKA_PASSWORD is set/);
    expect(() => kafka(env)).not.toThrow(/the-word/);
  });

  it('asks a module of the user for tokens, each time anew', async () => {
    const module = file('token.mjs', 'let n = 0; export default async () => `token-${++n}`;');
    const { login } = kafka({ KAFKA_SASL: 'oauthbearer', KAFKA_TOKEN_MODULE: module });
    const token = login?.mechanism === 'oauthbearer' ? login.token : () => Promise.resolve('');
    expect([await token(), await token()]).toEqual(['token-1', 'token-2']);
  });

  it.each([
    ['no function', 'export default 1;', /no function/],
    ['a failing one', 'export default () => { throw new Error("no net"); };', /no net/],
    ['one that gives nothing', 'export default () => undefined;', /gave no text/],
  ])('says what is wrong with a module that exports %s', async (name, text, sentence) => {
    const module = file(`${name.replaceAll(' ', '-')}.mjs`, text);
    const { login } = kafka({ KAFKA_SASL: 'oauthbearer', KAFKA_TOKEN_MODULE: module });
    const token = login?.mechanism === 'oauthbearer' ? login.token : () => Promise.resolve('');
    await expect(token()).rejects.toThrow(sentence);
  });
});

describe('access to ClickHouse', () => {
  it('keeps to what Node trusts unless told otherwise', () => {
    expect(clickhouseTls(settings({}))).toBeUndefined();
  });

  it('takes its authority from a file', () => {
    expect(clickhouseTls(settings({ CLICKHOUSE_TLS_CA_FILE: pem }))?.ca_cert.toString()).toContain('BEGIN CERTIFICATE');
  });

  it('knows the public authorities beside an own certificate', () => {
    const tls = clickhouseTls(settings({ CLICKHOUSE_TLS_CERT_FILE: pem, CLICKHOUSE_TLS_KEY_FILE: pem }));
    expect(tls?.ca_cert.toString().match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  });
});

it.each([
  ['http://host:8123', 'http://host:8123'],
  ['https://user:word@host:8443/path', 'https://host:8443/path'],
  ['not a url', 'not a url'],
])('shows %s as %s', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});
