// A client of the Confluent Schema Registry's REST API: the six calls that the house needs.

import type { Schema } from 'avsc';
import { registryRefused, registryUnreachable, schemaIncompatible, schemaNotFound } from './errors.js';

export interface RegistryOptions {
  /** Base of the API, e.g. `http://registry:8081`, or with a path (`…/apis/ccompat/v7`). User and password in it become basic authorisation. */
  readonly url: string;
  /** The whole Authorization header; wins over a user in the URL. */
  readonly authorization?: string;
  /** Of one request, 5 s unless set. */
  readonly timeoutMs?: number;
}

/** One registered version. */
export interface RegisteredSchema {
  readonly subject: string;
  readonly id: number;
  readonly version: number;
  readonly schema: Schema;
}

/** Every call throws WK_REGISTRY_UNREACHABLE (no answer in time, 5xx) or WK_REGISTRY_REFUSED; further codes stand beside the call. */
export interface Registry {
  /** Its id; the same schema again gives the same id. WK_SCHEMA_INCOMPATIBLE. */
  register(subject: string, schema: Schema): Promise<number>;
  /** The version of `subject` that is this schema, or undefined. */
  find(subject: string, schema: Schema): Promise<RegisteredSchema | undefined>;
  /** WK_SCHEMA_NOT_FOUND. */
  byId(id: number): Promise<Schema>;
  /** WK_SCHEMA_NOT_FOUND. */
  latest(subject: string): Promise<RegisteredSchema>;
  /** Whether `schema` could be the subject's next version, and if not, why. A subject without versions takes any. */
  check(subject: string, schema: Schema): Promise<{ compatible: boolean; messages: readonly string[] }>;
  setCompatibility(subject: string, level: 'FULL_TRANSITIVE' | 'FULL' | 'BACKWARD' | 'FORWARD' | 'NONE'): Promise<void>;
}

const JSON_TYPE = 'application/vnd.schemaregistry.v1+json';
const SUBJECT_NOT_FOUND = 40401;
const VERSION_NOT_FOUND = 40402;
const SCHEMA_NOT_FOUND = 40403;

type Answer =
  { kind: 'ok'; body: Record<string, unknown> } | { kind: 'refused'; status: number; code: number; message: string };

/** A client of the registry at `options.url`; it keeps nothing and holds no connection of its own. */
export function openRegistry(options: RegistryOptions): Registry {
  const call = caller(options);
  const versionsOf = (subject: string): string => `/subjects/${encodeURIComponent(subject)}/versions`;

  return {
    async register(subject, schema) {
      const answer = await call('POST', versionsOf(subject), bodyOf(schema));
      if (answer.kind === 'ok') return Number(answer.body['id']);
      if (answer.status === 409) throw schemaIncompatible(subject, answer.message);
      throw refused(`to register ${subject}`, answer);
    },
    async find(subject, schema) {
      const answer = await call('POST', `/subjects/${encodeURIComponent(subject)}`, bodyOf(schema));
      if (answer.kind === 'ok') return registered(answer.body);
      if (isNotFound(answer)) return undefined;
      throw refused(`to look up ${subject}`, answer);
    },
    async byId(id) {
      const answer = await call('GET', `/schemas/ids/${id}`);
      if (answer.kind === 'ok') return JSON.parse(String(answer.body['schema'])) as Schema;
      throw isNotFound(answer) ? schemaNotFound(`schema with the id ${id}`) : refused(`schema ${id}`, answer);
    },
    async latest(subject) {
      const answer = await call('GET', `${versionsOf(subject)}/latest`);
      if (answer.kind === 'ok') return registered(answer.body);
      throw isNotFound(answer)
        ? schemaNotFound(`subject ${subject}`)
        : refused(`the latest version of ${subject}`, answer);
    },
    async check(subject, schema) {
      const path = `/compatibility${versionsOf(subject)}/latest?verbose=true`;
      const answer = await call('POST', path, bodyOf(schema));
      if (answer.kind === 'refused') {
        if (isNotFound(answer)) return { compatible: true, messages: [] };
        throw refused(`to check ${subject}`, answer);
      }
      const messages = answer.body['messages'];
      return {
        compatible: answer.body['is_compatible'] === true,
        messages: Array.isArray(messages) ? messages.map(String) : [],
      };
    },
    async setCompatibility(subject, level) {
      const answer = await call('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility: level });
      if (answer.kind === 'refused') throw refused(`to set the compatibility of ${subject}`, answer);
    },
  };
}

/** Named, for some registries guess the type from the text, and guess wrong. */
const bodyOf = (schema: Schema): object => ({ schemaType: 'AVRO', schema: JSON.stringify(schema) });

function caller(options: RegistryOptions): (method: string, path: string, body?: object) => Promise<Answer> {
  const base = new URL(options.url);
  const { username, password } = base;
  base.username = '';
  base.password = '';
  const shown = base.href.replace(/\/+$/, '');
  const basic = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const authorization = options.authorization ?? (username === '' ? undefined : basic);
  const headers = {
    accept: JSON_TYPE,
    'content-type': JSON_TYPE,
    ...(authorization !== undefined && { authorization }),
  };

  return async (method, path, body) => {
    let status: number;
    let text: string;
    try {
      const response = await fetch(shown + path, {
        method,
        headers,
        signal: AbortSignal.timeout(options.timeoutMs ?? 5_000),
        ...(body && { body: JSON.stringify(body) }),
      });
      ({ status } = response);
      text = await response.text();
    } catch (error) {
      throw registryUnreachable(shown, whyOf(error), error);
    }
    const parsed = parsedObject(text);
    if (status >= 200 && status < 300 && parsed) return { kind: 'ok', body: parsed };
    const code = Number(parsed?.['error_code'] ?? status);
    if (status >= 500 || !parsed) throw registryUnreachable(shown, `HTTP ${status}, code ${code}`);
    return { kind: 'refused', status, code, message: JSON.stringify(parsed['message'] ?? 'no reason given') };
  };
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

function registered(body: Record<string, unknown>): RegisteredSchema {
  return {
    subject: String(body['subject']),
    id: Number(body['id']),
    version: Number(body['version']),
    schema: JSON.parse(String(body['schema'])) as Schema,
  };
}

function isNotFound(answer: { code: number; status: number }): boolean {
  return [SUBJECT_NOT_FOUND, VERSION_NOT_FOUND, SCHEMA_NOT_FOUND, 404].includes(answer.code);
}

function refused(what: string, answer: { status: number; code: number; message: string }): Error {
  return registryRefused(what, answer.status, answer.code, answer.message);
}
