// Laws of ids: fixed without a registry; with one, found before registered, fetched once, and a registry that is away is never "unknown".

import { afterEach, describe, expect, it } from 'vitest';
import { SCHEMA_NAMES, catalogue, schemaFiles, type SchemaName } from './schema-files.js';
import { openRegistry } from './registry.js';
import { openSchemaIds } from './schema-ids.js';
import { startRegistryServer, type RegistryServer, type SeenRequest } from './testing/registry-server.js';

const notFound = { status: 404, body: { error_code: 40403, message: 'Schema not found' } };
let server: RegistryServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function serve(
  answer: (request: SeenRequest) => { status: number; body: unknown } | undefined,
): Promise<RegistryServer> {
  server = await startRegistryServer(answer);
  return server;
}

describe('openSchemaIds without a registry', () => {
  it('gives the catalogue, and knows no other id', async () => {
    const ids = await openSchemaIds();
    for (const name of SCHEMA_NAMES) {
      const versions = catalogue.filter(({ schema }) => schema === name);
      expect(ids.idOf(name)).toBe(versions.at(-1)?.id);
      expect(ids.writerTypeOf(ids.idOf(name))?.name).toBe(`watchkeeper.${name}`);
      expect(ids.schemaOf(ids.idOf(name))).toEqual(schemaFiles[name]);
    }
    expect(ids.writerTypeOf(999)).toBeUndefined();
    expect(await ids.prefetch(999)).toBe(false);
    expect(await ids.prefetch(1)).toBe(true);
  });
});

describe('openSchemaIds with a registry', () => {
  it('finds what is registered and registers what is not, under FULL_TRANSITIVE', async () => {
    const { url, seen } = await serve(({ method, path }) => {
      if (path === '/subjects/agent.events-value')
        return { status: 200, body: { subject: 's', id: 71, version: 1, schema: '{}' } };
      if (method === 'POST' && path.endsWith('/versions')) return { status: 200, body: { id: 72 } };
      return method === 'PUT' ? { status: 200, body: {} } : notFound;
    });
    const ids = await openSchemaIds({ registryUrl: url, writes: ['AgentEvent', 'Detection'] });
    expect([ids.idOf('AgentEvent'), ids.idOf('Detection')]).toEqual([71, 72]);
    expect(ids.writerTypeOf(72)?.name).toBe('watchkeeper.Detection');
    expect(ids.writerTypeOf(1)).toBeUndefined();
    expect(() => ids.idOf('Alert')).toThrow(/WK_|writes/);
    expect(seen.find(({ method }) => method === 'PUT')).toMatchObject({
      path: '/config/agent.detections-value',
      body: '{"compatibility":"FULL_TRANSITIVE"}',
    });
  });

  it('fetches an id once, however many ask, and remembers that it is unknown', async () => {
    const { url, seen } = await serve(({ path }) =>
      path === '/schemas/ids/5' ? { status: 200, body: { schema: JSON.stringify(schemaFiles.Control) } } : notFound,
    );
    const ids = await openSchemaIds({ registryUrl: url, writes: [] });
    expect(ids.writerTypeOf(5)).toBeUndefined();
    expect(await Promise.all([ids.prefetch(5), ids.prefetch(5), ids.prefetch(6)])).toEqual([true, true, false]);
    expect(await ids.prefetch(6)).toBe(false);
    expect(ids.writerTypeOf(5)?.name).toBe('watchkeeper.Control');
    expect(seen).toHaveLength(2);
  });

  it('takes a text that is no schema for an unknown id', async () => {
    const { url } = await serve(() => ({ status: 200, body: { schema: '{"type":"nonsense"}' } }));
    const ids = await openSchemaIds({ registryUrl: url, writes: [] });
    expect(await ids.prefetch(5)).toBe(false);
  });

  it.each<[string, () => { status: number; body: unknown } | undefined]>([
    ['HTTP 503', () => ({ status: 503, body: 'busy' })],
    ['HTML', () => ({ status: 200, body: '<html>' })],
    ['silence', () => undefined],
  ])('says that the registry is out of reach on %s', async (_what, answer) => {
    const { url } = await serve(answer);
    const ids = await openSchemaIds({ registryUrl: url, writes: [], timeoutMs: 100 });
    await expect(ids.prefetch(5)).rejects.toMatchObject({ code: 'WK_REGISTRY_UNREACHABLE', exitCode: 3 });
    await expect(ids.prefetch(5)).rejects.toMatchObject({ code: 'WK_REGISTRY_UNREACHABLE' });
  });
});

describe('openRegistry', () => {
  const schema = schemaFiles['Control' satisfies SchemaName];

  it('names every refusal', async () => {
    const { url } = await serve(({ path }) => {
      if (path.startsWith('/subjects/old'))
        return { status: 409, body: { error_code: 409, message: 'READER_FIELD_MISSING_DEFAULT_VALUE' } };
      if (path.startsWith('/subjects/bad'))
        return { status: 422, body: { error_code: 42201, message: 'Invalid schema' } };
      if (path.startsWith('/subjects/none'))
        return { status: 404, body: { error_code: 40401, message: 'Subject not found' } };
      return notFound;
    });
    const registry = openRegistry({ url: `${url}/` });
    await expect(registry.register('old', schema)).rejects.toMatchObject({ code: 'WK_SCHEMA_INCOMPATIBLE' });
    await expect(registry.register('bad', schema)).rejects.toMatchObject({ code: 'WK_REGISTRY_REFUSED' });
    await expect(registry.latest('none')).rejects.toMatchObject({ code: 'WK_SCHEMA_NOT_FOUND' });
    await expect(registry.byId(3)).rejects.toMatchObject({ code: 'WK_SCHEMA_NOT_FOUND' });
    expect(await registry.find('none', schema)).toBeUndefined();
    expect(await registry.check('none', schema)).toEqual({ compatible: true, messages: [] });
  });

  it('sends what is given for authorisation, and shows it to nobody', async () => {
    const { url, seen } = await serve(() => notFound);
    await openRegistry({ url, authorization: 'Bearer some-token' }).find('s', schema);
    await openRegistry({ url: url.replace('//', '//name:pass%20word@') }).find('s', schema);
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer some-token',
      `Basic ${Buffer.from('name:pass word').toString('base64')}`,
    ]);
    await server?.stop();
    const error: unknown = await openRegistry({ url: url.replace('//', '//name:pass@') })
      .byId(1)
      .catch((e: unknown) => e);
    expect(String(error)).toContain('does not answer');
    expect(String(error)).not.toContain('pass');
  });
});
