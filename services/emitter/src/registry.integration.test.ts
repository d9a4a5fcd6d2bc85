// The registry client against a real schema registry. It lies here since the contract's own folder may not start backends.

import { startRegistry } from '@watchkeeper/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA_NAMES, openRegistry, openSchemaIds, schemaFiles, type Registry } from '@watchkeeper/schemas';

type Schema = typeof schemaFiles.Control;
const record = (...fields: object[]): Schema =>
  ({ type: 'record', name: 'Probe', namespace: 'watchkeeper.test', fields }) as unknown as Schema;
const v1 = record({ name: 'a', type: 'string' });
const compatible = record({ name: 'a', type: 'string' }, { name: 'b', type: 'long', default: 0 });
const incompatible = record({ name: 'a', type: 'string' }, { name: 'c', type: 'long' });

describe('a real registry', () => {
  let server: { url: string; stop(): Promise<void> };
  let registry: Registry;
  const subject = `probe-${process.pid}-value`;

  beforeAll(async () => {
    server = await startRegistry();
    registry = openRegistry({ url: server.url, timeoutMs: 30_000 });
  });
  afterAll(async () => {
    await server.stop();
  });

  it('registers, finds, checks and refuses by FULL_TRANSITIVE', async () => {
    expect(await registry.find(subject, v1)).toBeUndefined();
    await expect(registry.latest(subject)).rejects.toMatchObject({ code: 'WK_SCHEMA_NOT_FOUND' });
    expect(await registry.check(subject, v1)).toMatchObject({ compatible: true });
    const id = await registry.register(subject, v1);
    expect(await registry.register(subject, v1)).toBe(id);
    await registry.setCompatibility(subject, 'FULL_TRANSITIVE');
    expect(await registry.byId(id)).toEqual(v1);
    expect(await registry.find(subject, v1)).toMatchObject({ id, version: 1 });
    expect(await registry.check(subject, compatible)).toMatchObject({ compatible: true });
    expect(await registry.check(subject, incompatible)).toMatchObject({ compatible: false });
    await expect(registry.register(subject, incompatible)).rejects.toMatchObject({ code: 'WK_SCHEMA_INCOMPATIBLE' });
    await registry.register(subject, compatible);
    expect(await registry.latest(subject)).toMatchObject({ subject, version: 2, schema: compatible });
    await expect(registry.byId(987_654)).rejects.toMatchObject({ code: 'WK_SCHEMA_NOT_FOUND' });
  });

  it('gives every writer and every reader of the house the same ids', async () => {
    const writer = await openSchemaIds({ registryUrl: server.url, timeoutMs: 30_000 });
    const again = await openSchemaIds({ registryUrl: server.url, timeoutMs: 30_000 });
    const reader = await openSchemaIds({ registryUrl: server.url, writes: [], timeoutMs: 30_000 });
    for (const name of SCHEMA_NAMES) {
      const id = writer.idOf(name);
      expect(again.idOf(name)).toBe(id);
      expect(await reader.prefetch(id)).toBe(true);
      expect(reader.writerTypeOf(id)?.equals(writer.writerTypeOf(id)!)).toBe(true);
      expect(reader.schemaOf(id)).toEqual(schemaFiles[name]);
    }
    expect(await reader.prefetch(987_654)).toBe(false);
  });
});
