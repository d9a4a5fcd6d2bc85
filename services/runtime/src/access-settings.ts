// Who this process says it is, to Kafka and to ClickHouse, and whom it believes: settings, and what they come to.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { badSettings, badTokenModule } from './errors.js';
import { flag } from './settings.js';

const PEM = (what: string): z.ZodOptional<z.ZodString> => z.string().optional().describe(what);

export const accessSettings = z.object({
  KAFKA_TLS: flag().default(false).describe('Talk to Kafka over TLS.'),
  KAFKA_TLS_CA_FILE: PEM("Authorities (PEM) of the brokers' certificates; default: those that Node trusts."),
  KAFKA_TLS_CERT_FILE: PEM('Own certificate (PEM), where the brokers ask for one.'),
  KAFKA_TLS_KEY_FILE: PEM('Its key (PEM).'),
  KAFKA_SASL: z
    .enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'])
    .default('none')
    .describe('How to log in to Kafka.'),
  KAFKA_USERNAME: z.string().default('').describe('User, for plain and scram.'),
  KAFKA_PASSWORD: z.string().default('').describe('Password of that user.'),
  KAFKA_TOKEN_MODULE: z
    .string()
    .optional()
    .describe(
      'For oauthbearer: a JavaScript module whose default export resolves to a token, called for each connection.',
    ),
  CLICKHOUSE_TLS_CA_FILE: PEM(
    "Authorities (PEM) of an https CLICKHOUSE_URL's certificate; default: those that Node trusts.",
  ),
  CLICKHOUSE_TLS_CERT_FILE: PEM('Own certificate (PEM), where ClickHouse asks for one.'),
  CLICKHOUSE_TLS_KEY_FILE: PEM('Its key (PEM).'),
});

export type AccessSettings = z.output<typeof accessSettings>;

/** Certificates and keys as PEM texts. Without `ca` what Node trusts is trusted. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** TLS in the terms of ClickHouse's client. */
export type ClickHouseTls =
  { readonly ca_cert: Buffer } | { readonly ca_cert: Buffer; readonly cert: Buffer; readonly key: Buffer };

/** How to log in. `token` is asked for at each connection, and again before it expires. */
export type KafkaLogin =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };

/** Without `tls` the connection is plain, without `login` nobody logs in. */
export interface KafkaAccess {
  readonly tls?: Tls;
  readonly login?: KafkaLogin;
}

/** What the settings come to. Throws WK_SETTINGS with one line per fault, which never shows a secret. */
export function kafkaAccess(settings: AccessSettings): KafkaAccess {
  const faults: string[] = [];
  const tls = tlsOf('KAFKA', settings, faults);
  if (tls && !settings.KAFKA_TLS) faults.push('KAFKA_TLS_…_FILE is set, but KAFKA_TLS is not: set KAFKA_TLS=true');
  const login = loginOf(settings, faults);
  if (faults.length > 0) throw badSettings('access to Kafka', faults);
  return { ...(settings.KAFKA_TLS && { tls: tls ?? {} }), ...(login && { login }) };
}

/** Undefined where nothing is set: then Node's own authorities hold. Throws WK_SETTINGS. */
export function clickhouseTls(settings: AccessSettings): ClickHouseTls | undefined {
  const faults: string[] = [];
  const tls = tlsOf('CLICKHOUSE', settings, faults);
  if (faults.length > 0) throw badSettings('access to ClickHouse', faults);
  if (!tls) return undefined;
  const ca_cert = Buffer.from(tls.ca ?? rootCertificates.join('\n'));
  return tls.cert === undefined
    ? { ca_cert }
    : { ca_cert, cert: Buffer.from(tls.cert), key: Buffer.from(tls.key ?? '') };
}

function tlsOf(whose: 'KAFKA' | 'CLICKHOUSE', settings: AccessSettings, faults: string[]): Tls | undefined {
  const [ca, cert, key] = (['CA', 'CERT', 'KEY'] as const).map((part) => {
    const name = `${whose}_TLS_${part}_FILE` as const;
    const file = settings[name];
    return file === undefined ? undefined : pemOf(name, file, faults);
  });
  if ((cert === undefined) !== (key === undefined))
    faults.push(`${whose}_TLS_CERT_FILE and ${whose}_TLS_KEY_FILE belong together: set both`);
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}

function pemOf(name: string, file: string, faults: string[]): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (!text.includes('-----BEGIN ')) faults.push(`${name}: ${file} holds no PEM`);
    return text;
  } catch (error) {
    faults.push(`${name}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
    return '';
  }
}

function loginOf(settings: AccessSettings, faults: string[]): KafkaLogin | undefined {
  const { KAFKA_SASL: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = settings;
  if (mechanism === 'none') {
    for (const name of ['KAFKA_USERNAME', 'KAFKA_PASSWORD', 'KAFKA_TOKEN_MODULE'] as const)
      if (settings[name]) faults.push(`${name} is set, but KAFKA_SASL is not: say how to log in`);
    return undefined;
  }
  if (mechanism === 'oauthbearer') {
    const file = settings.KAFKA_TOKEN_MODULE;
    if (file === undefined) faults.push('KAFKA_TOKEN_MODULE is not set, and KAFKA_SASL=oauthbearer needs it');
    return { mechanism, token: () => tokenFrom(file ?? '') };
  }
  if (username === '') faults.push(`KAFKA_USERNAME is not set, and KAFKA_SASL=${mechanism} needs it`);
  if (password === '') faults.push(`KAFKA_PASSWORD is not set, and KAFKA_SASL=${mechanism} needs it`);
  return { mechanism, username, password };
}

/** A module is loaded once; what it exports is called for each token. Throws WK_TOKEN_MODULE. */
async function tokenFrom(file: string): Promise<string> {
  let token: unknown;
  try {
    const module = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
    if (typeof module.default !== 'function') throw new TypeError('its default export is no function');
    token = await (module.default as () => unknown)();
  } catch (cause) {
    throw badTokenModule(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (typeof token !== 'string' || token === '') throw badTokenModule(file, 'its default export gave no text');
  return token;
}

/** A URL as people may see it: without the user and password that it may hold. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href.replace(/\/$/, '');
}
