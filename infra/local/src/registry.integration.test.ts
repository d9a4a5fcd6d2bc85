// The registry that tests start is a real one.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRegistry, type RunningRegistry } from './registry.js';

let registry: RunningRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

it('registers a schema and finds it by its id', async () => {
  const schema = JSON.stringify({ type: 'record', name: 'A', fields: [{ name: 'a', type: 'long' }] });
  const registered = await fetch(`${registry.url}/subjects/a-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema }),
  });
  const { id } = (await registered.json()) as { id: number };
  const found = (await (await fetch(`${registry.url}/schemas/ids/${id}`)).json()) as { schema: string };
  expect(JSON.parse(found.schema)).toEqual(JSON.parse(schema));
});

it('stops, and stopping again is no fault', async () => {
  const other = await startRegistry();
  await other.stop();
  await other.stop();
  await expect(fetch(`${other.url}/subjects`)).rejects.toThrow();
});
