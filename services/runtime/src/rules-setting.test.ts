// Rules from a file or a text: what is wrong with them stops the start, a line per fault.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rulesSetting } from './rules-setting.js';
import { loadSettings } from './settings.js';

const schema = z.object({ DETECTION_RULES: rulesSetting() });
const folder = mkdtempSync(join(tmpdir(), 'rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (value: string): unknown => loadSettings(schema, { DETECTION_RULES: value }).DETECTION_RULES;

function faultsOf(value: string): string[] {
  try {
    read(value);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'WK_SETTINGS', exitCode: 2 });
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

describe('DETECTION_RULES', () => {
  const rules = [{ tenant: 'acme', agent: 'deploy-*', sensitivity: 'low', polling: ['get_status'] }];

  it('reads a text and a file alike, and nothing as no rules', () => {
    const file = join(folder, 'rules.json');
    writeFileSync(file, JSON.stringify(rules));
    expect(read(JSON.stringify(rules))).toEqual(rules);
    expect(read(file)).toEqual(rules);
    expect(read('')).toEqual([]);
  });

  it('names every fault with its rule', () => {
    const wrong = [{ sensitivity: 'loud', agents: 'x' }, { polling: 'get_status' }, { detectors: ['loops'] }];
    const faults = faultsOf(JSON.stringify(wrong));
    expect(faults).toHaveLength(4);
    for (const fault of faults) expect(fault).toMatch(/^DETECTION_RULES: rule [123]: /);
  });

  it('says of a file that is absent and of a text that is no JSON what is wrong', () => {
    expect(faultsOf(join(folder, 'absent.json'))).toEqual(['DETECTION_RULES: its file cannot be read (ENOENT)']);
    expect(faultsOf('[{')).toEqual(['DETECTION_RULES: is no JSON']);
    expect(faultsOf('[1]')).toEqual([expect.stringMatching(/^DETECTION_RULES: rule 1: /)]);
  });
});
