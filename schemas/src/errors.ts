// Errors that a person reads: a code, one sentence, the cause attached.

/** An expected fault: `code` names it (`WK_…`), `message` says what happened, to what, and what to do; `exitCode` is the process's. */
export class WatchkeeperError extends Error {
  readonly code: `WK_${string}`;
  /** 1 it ran and found a fault, 2 wrong use, 3 a backend is out of reach (design, section 8). */
  readonly exitCode: 1 | 2 | 3;

  constructor(code: `WK_${string}`, message: string, options: { cause?: unknown; exitCode?: 1 | 2 | 3 } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WatchkeeperError';
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** WK_REGISTRY_UNREACHABLE: no usable answer from the schema registry. */
export function registryUnreachable(url: string, why: string, cause?: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_REGISTRY_UNREACHABLE',
    `The schema registry at ${url} does not answer (${why}): check that it runs and that SCHEMA_REGISTRY_URL names it.`,
    { cause, exitCode: 3 },
  );
}

/** WK_REGISTRY_REFUSED: an answer that is neither success nor one of the known refusals. */
export function registryRefused(what: string, status: number, code: number, message: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_REGISTRY_REFUSED',
    `The schema registry refused ${what} (HTTP ${status}, code ${code}): ${message}. Check the account's rights and the subject.`,
  );
}

/** WK_SCHEMA_NOT_FOUND: 40401 (no such subject), 40402 (no such version), 40403 (no such schema or id). */
export function schemaNotFound(what: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_SCHEMA_NOT_FOUND',
    `The schema registry has no ${what}: register it first, or point to the registry that the producer uses.`,
  );
}

/** WK_SCHEMA_INCOMPATIBLE: 409, or what a check said. */
export function schemaIncompatible(subject: string, message: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_SCHEMA_INCOMPATIBLE',
    `The schema does not fit the earlier versions of ${subject}: ${message}. Add fields with defaults and append enum symbols only.`,
  );
}

/** WK_SCHEMA_INVALID: what a registry or a file gave is no Avro schema. */
export function schemaInvalid(what: string, cause: unknown): WatchkeeperError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new WatchkeeperError(
    'WK_SCHEMA_INVALID',
    `${what} is not an Avro schema that can be used: ${why}. Register it anew from avro/*.avsc.`,
    { cause },
  );
}
