import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commonSettings } from './common-settings.js';
import { nearest } from './nearest-name.js';
import { loadRoleSettings } from './role-settings.js';
import { defineRole, topic } from './role.js';
import { perBlock } from './per-block.js';
import { flag, loadSettings, settingsTable } from './settings.js';
import { CountView } from './testing.js';

const schema = z.object({
  LOOP_MIN_ROUNDS: z.coerce.number().int().min(2).default(3).describe('Rounds until it speaks.'),
  LOOP_NAME: z.string().describe('A name.'),
  LOOP_ON: flag().default(true),
});
const known = { names: ['OTHER_X'], prefixes: ['LOOP_', 'OTHER_'] };

function faultsOf(env: Record<string, string>): string[] {
  try {
    loadSettings(schema, env, known);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'WK_SETTINGS', exitCode: 2 });
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

describe('loadSettings', () => {
  it('reads names, defaults and flags, and takes an empty variable as not set', () => {
    expect(loadSettings(schema, { LOOP_NAME: 'x', LOOP_ON: 'no', LOOP_MIN_ROUNDS: '' }, known)).toEqual({
      LOOP_MIN_ROUNDS: 3,
      LOOP_NAME: 'x',
      LOOP_ON: false,
    });
  });

  it('gives one line per fault, all at once', () => {
    expect(faultsOf({ LOOP_MIN_ROUNDS: '1', LOOP_ON: 'perhaps', LOOP_MIN_ROUND: '4', WATCHKEEPER_SPEED: '9' })).toEqual(
      [
        'LOOP_MIN_ROUND is not a setting: did you mean LOOP_MIN_ROUNDS?',
        'WATCHKEEPER_SPEED is not a setting',
        expect.stringMatching(/^LOOP_MIN_ROUNDS: /),
        'LOOP_NAME is not set, and has no default',
        expect.stringMatching(/^LOOP_ON: /),
      ],
    );
  });

  it('leaves alone what belongs to others', () => {
    expect(faultsOf({ LOOP_NAME: 'x', OTHER_X: '1', PATH: '/bin', LANG: 'C' })).toEqual([]);
  });

  it('knows what the project reads elsewhere: the reader of ClickHouse, scripts, tests', () => {
    const elsewhere = { WATCHKEEPER_READER_PASSWORD: 'x', WATCHKEEPER_READER_MAX_SECONDS: '9', WATCHKEEPER_DATA: 'x' };
    expect(faultsOf({ LOOP_NAME: 'x', ...elsewhere })).toEqual([]);
  });

  it('never says a value: it may be a secret', () => {
    const secret = 'hunter2-secret';
    const faults = faultsOf({ LOOP_MIN_ROUNDS: secret, LOOP_ON: secret, LOOP_NAME: 'x' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain(secret);
  });

  it('judges brokers and names of the common settings', () => {
    const load = (env: Record<string, string>) => loadSettings(commonSettings, { KAFKA_BROKERS: 'a:1', ...env });
    expect(load({ KAFKA_BROKERS: ' a:9092, [::1]:9093 ' }).KAFKA_BROKERS).toEqual(['a:9092', '[::1]:9093']);
    expect(() => load({ KAFKA_BROKERS: 'a' })).toThrow(/KAFKA_BROKERS/);
    expect(() => load({ CLICKHOUSE_DATABASE: 'a`; DROP' })).toThrow(/CLICKHOUSE_DATABASE/);
    expect(() => load({ TOPIC_PREFIX: 'a b' })).toThrow(/TOPIC_PREFIX/);
  });
});

describe('loadRoleSettings', () => {
  const role = (name: string, settings: z.ZodObject, settingsPrefix: string) =>
    defineRole({
      name,
      settings,
      settingsPrefix,
      reads: topic('agent.events', CountView),
      process: () => perBlock({ lanes: () => [] }),
    });
  const loop = role('loop', schema, 'LOOP_');
  const other = role('other', z.object({ OTHER_X: z.coerce.number().default(1) }), 'OTHER_');

  it("names the faults of all roles at once, and knows the fleet's variables", () => {
    const env = { OTHER_X: 'many', OTHER_Y: '1', KAFKA_BROKERS: 'nowhere' };
    expect(() => loadRoleSettings([loop, other], env)).toThrow(
      /loop, other[^]*OTHER_Y[^]*KAFKA_BROKERS[^]*LOOP_NAME[^]*OTHER_X/,
    );
    expect(() => loadRoleSettings([loop], { ...env, KAFKA_BROKERS: 'a:1', LOOP_NAME: 'x' }, [loop, other])).toThrow(
      /a fault:\n {2}OTHER_Y/,
    );
  });
});

describe('settingsTable', () => {
  it('has a row per setting, with default and description', () => {
    expect(settingsTable(schema)).toEqual([
      { name: 'LOOP_MIN_ROUNDS', default: '3', description: 'Rounds until it speaks.' },
      { name: 'LOOP_NAME', default: '', description: 'A name.' },
      { name: 'LOOP_ON', default: 'true', description: '' },
    ]);
  });

  it('describes every common setting', () => {
    for (const row of settingsTable(commonSettings)) expect(row.description, row.name).not.toBe('');
  });
});

describe('nearest', () => {
  it('finds what was meant, and nothing where nothing is near', () => {
    expect(nearest('LOOP_MIN_RONDS', ['LOOP_MAX', 'LOOP_MIN_ROUNDS'])).toBe('LOOP_MIN_ROUNDS');
    expect(nearest('ABC', ['LOOP_MIN_ROUNDS'])).toBeUndefined();
  });
});
