// The read-only user's name, password and limits, from the environment.
import type { Reader } from './access.js';

/** Limits by setting name: the environment's name for each, and the default. */
const limits = [
  ['max_execution_time', 'WATCHKEEPER_READER_MAX_SECONDS', 30],
  ['max_memory_usage', 'WATCHKEEPER_READER_MAX_MEMORY_BYTES', 2 * 1024 ** 3],
  ['max_result_rows', 'WATCHKEEPER_READER_MAX_RESULT_ROWS', 1_000_000],
  ['max_result_bytes', 'WATCHKEEPER_READER_MAX_RESULT_BYTES', 256 * 1024 ** 2],
  ['max_rows_to_read', 'WATCHKEEPER_READER_MAX_READ_ROWS', 1_000_000_000],
  ['max_threads', 'WATCHKEEPER_READER_MAX_THREADS', 2],
] as const;

/**
 * The reader as the environment describes it.
 *
 * @throws Error for a limit that is no positive number.
 */
export function readerFrom(env: NodeJS.ProcessEnv): Reader {
  return {
    name: env['WATCHKEEPER_READER_USER'] ?? 'reader',
    password: env['WATCHKEEPER_READER_PASSWORD'] ?? '',
    limits: new Map(limits.map(([setting, name, standard]) => [setting, positive(name, env[name], standard)])),
  };
}

function positive(name: string, text: string | undefined, standard: number): number {
  if (text === undefined || text === '') return standard;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new Error(`${name} is ${JSON.stringify(text)}: give a whole number above 0.`);
  return value;
}
