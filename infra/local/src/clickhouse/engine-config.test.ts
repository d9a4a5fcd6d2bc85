// Shared configuration reaches the engine's one file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { configBody, writeEngineConfig } from './engine-config.js';

const dir = mkdtempSync(join(tmpdir(), 'wk-config-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('puts the shared files, in order of their names, before its own settings', () => {
  writeFileSync(join(dir, 'b.xml'), '<clickhouse><b>2</b></clickhouse>');
  writeFileSync(join(dir, 'a.xml'), '<?xml version="1.0"?>\n<clickhouse><a>1</a></clickhouse>\n');
  const text = readFileSync(writeEngineConfig(join(dir, 'data'), dir), 'utf8');
  expect(text.replace(/\s/g, '')).toMatch(/^<clickhouse><a>1<\/a><b>2<\/b><max_server_memory/);
});

it('reads nothing from a file without a root', () => expect(configBody('<!-- empty -->')).toBe(''));
