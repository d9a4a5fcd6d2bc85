// Settings from the environment: one zod object per role, whose keys are the variables' names.

import { z } from 'zod';
import { badSettings } from './errors.js';
import { nearest } from './nearest-name.js';

/** Variables with these beginnings belong to Watchkeeper, whatever the role. */
const OWN_PREFIXES = ['WATCHKEEPER_', 'DETECTION_'];

/** Of these, what is no role's: the reader's way in (`watchkeeper sql`, the local ClickHouse), the containers, scripts and tests. */
const NOT_OF_ROLES = [
  'WATCHKEEPER_READER_USER',
  'WATCHKEEPER_READER_PASSWORD',
  'WATCHKEEPER_READER_MAX_SECONDS',
  'WATCHKEEPER_READER_MAX_MEMORY_BYTES',
  'WATCHKEEPER_READER_MAX_RESULT_ROWS',
  'WATCHKEEPER_READER_MAX_RESULT_BYTES',
  'WATCHKEEPER_READER_MAX_READ_ROWS',
  'WATCHKEEPER_READER_MAX_THREADS',
  'WATCHKEEPER_IMAGE',
  'WATCHKEEPER_HOME',
  'WATCHKEEPER_DATA',
  'WATCHKEEPER_TEST_DIR',
  'WATCHKEEPER_TEST_BACKENDS',
];

/** What is known beyond the schema itself: other roles' names, and prefixes that the project owns. */
export interface KnownNames {
  /** Names that other roles of the fleet read; set for them, they are no fault here. */
  readonly names: Iterable<string>;
  /** e.g. LOOP_: a variable that starts so and is in no schema is a fault. */
  readonly prefixes: Iterable<string>;
}

/**
 * Reads `schema` from `env`. An empty variable counts as not set. Throws WK_SETTINGS (exit code 2) with one line per fault, which names the variable and never its value.
 */
export function loadSettings<S extends z.ZodObject>(
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
  known: KnownNames = { names: [], prefixes: [] },
  role = 'this process',
): z.output<S> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name];
    if (value !== undefined && value !== '') given[name] = value;
  }
  const faults = unknownNames(Object.keys(schema.shape), env, known);
  const parsed = schema.safeParse(given, { reportInput: false });
  if (!parsed.success) {
    for (const issue of parsed.error.issues) faults.push(faultLine(issue, given));
  }
  if (faults.length > 0 || !parsed.success) throw badSettings(role, faults);
  return parsed.data;
}

function faultLine(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0] ?? '');
  if (name !== '' && given[name] === undefined && issue.code === 'invalid_type')
    return `${name} is not set, and has no default`;
  return name === '' ? issue.message : `${name}: ${issue.message}`;
}

function unknownNames(
  own: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  known: KnownNames,
): string[] {
  const names = new Set([...own, ...known.names]);
  const fine = new Set([...names, ...NOT_OF_ROLES]);
  const prefixes = [...OWN_PREFIXES, ...known.prefixes];
  return Object.keys(env)
    .filter((name) => !fine.has(name) && prefixes.some((prefix) => name.startsWith(prefix)))
    .sort()
    .map((name) => {
      const near = nearest(name, names);
      return `${name} is not a setting${near === undefined ? '' : `: did you mean ${near}?`}`;
    });
}

/** One row per setting, for --help and READMEs. A default of undefined means that it must be set or may be absent. */
export interface SettingRow {
  readonly name: string;
  readonly default: string;
  readonly description: string;
}

export function settingsTable(schema: z.ZodObject): SettingRow[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType;
    const absent = type.safeParse(undefined);
    return { name, default: absent.success ? shown(absent.data) : '', description: type.description ?? '' };
  });
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

/** `true`, `1`, `yes` and `on`; `false`, `0`, `no` and `off`. */
export const flag = (): z.ZodType<boolean> =>
  z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });
