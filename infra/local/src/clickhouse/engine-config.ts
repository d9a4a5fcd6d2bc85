// The engine's configuration file: our own bounds, and those that infra/clickhouse/config.d gives every server.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ownSettings =
  '  <max_server_memory_usage_to_ram_ratio>0.6</max_server_memory_usage_to_ram_ratio>\n  <mark_cache_size>268435456</mark_cache_size>\n';

/**
 * Writes the file and returns its path.
 *
 * The engine in a process merges no config.d folder itself, and of two equal keys reads the first: so the shared files come first.
 */
export function writeEngineConfig(dataDir: string, sharedConfigDir: string): string {
  const shared = existsSync(sharedConfigDir)
    ? readdirSync(sharedConfigDir)
        .filter((name) => name.endsWith('.xml'))
        .sort()
    : [];
  const bodies = shared.map((name) => configBody(readFileSync(join(sharedConfigDir, name), 'utf8')));
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'engine.xml');
  writeFileSync(path, `<clickhouse>\n${bodies.join('')}${ownSettings}</clickhouse>\n`);
  return path;
}

/** What stands inside a file's root element; empty for a file without one. */
export function configBody(xml: string): string {
  const match = /<(clickhouse|yandex)(?:\s[^>]*)?>([\s\S]*)<\/\1>/.exec(xml);
  return match?.[2] ?? '';
}
