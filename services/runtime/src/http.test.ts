import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serveHealth } from './http.js';
import { createMetrics, metricsTable } from './metrics.js';
import { METRICS } from './metric-list.js';

const served = (faults: { alive: string[]; ready: string[] }, metrics = createMetrics()) =>
  serveHealth({
    host: '127.0.0.1',
    port: 0,
    metrics,
    health: { alive: () => faults.alive, ready: () => faults.ready },
  });

describe('/healthz, /readyz and /metrics', () => {
  it('answer 200 when all is well, else 503 with a sentence per fault', async () => {
    const faults = { alive: [] as string[], ready: ['Not every group has been joined yet.'] };
    const server = await served(faults);
    const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
    expect((await get('/healthz')).status).toBe(200);
    const ready = await get('/readyz?verbose=1');
    expect([ready.status, await ready.text()]).toEqual([503, 'Not every group has been joined yet.\n']);
    faults.alive.push('a', 'b');
    const alive = await get('/healthz');
    expect([alive.status, await alive.text()]).toEqual([503, 'a\nb\n']);
    expect((await get('/')).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${server.port}/healthz`, { method: 'POST' })).status).toBe(405);
    await server.close();
  });

  it("serve metrics in Prometheus' form", async () => {
    const metrics = createMetrics();
    metrics.count('recordsIn', { role: 'landing', topic: 'agent.events' }, 7);
    metrics.observe('batchSeconds', { role: 'landing', topic: 'agent.events' }, 0.02);
    const server = await served({ alive: [], ready: [] }, metrics);
    const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    expect(text).toContain('watchkeeper_records_in_total{role="landing",topic="agent.events"} 7');
    expect(text).toContain('watchkeeper_batch_seconds_bucket{le="0.025",role="landing",topic="agent.events"} 1');
    await server.close();
  });

  it('say so where the port is taken', async () => {
    const server = await served({ alive: [], ready: [] });
    await expect(
      serveHealth({
        host: '127.0.0.1',
        port: server.port,
        metrics: createMetrics(),
        health: { alive: () => [], ready: () => [] },
      }),
    ).rejects.toMatchObject({ code: 'WK_PORT_TAKEN', exitCode: 2 });
    await server.close();
  });
});

describe('the list of metrics', () => {
  it('has a unique name and a sentence of help for each, and counters end in _total', () => {
    const table = metricsTable();
    expect(new Set(table.map((row) => row.name)).size).toBe(Object.keys(METRICS).length);
    for (const { name, kind, help } of table) {
      expect(help, name).toMatch(/\.$/);
      expect(name.endsWith('_total'), name).toBe(kind === 'counter');
    }
  });

  it('stands in the README as it is', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replace(/ +/g, ' ');
    for (const row of metricsTable())
      expect(readme).toContain(`| ${row.name} | ${row.kind} | ${row.labels} | ${row.help} |`);
  });
});
