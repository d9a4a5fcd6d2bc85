import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Batch, Lease } from './contract.js';
import { deferred } from './deferred.js';
import { silentLogger } from './log.js';
import { memoryLog } from './memory-log.js';
import { perBlock } from './per-block.js';
import { defineRole, topic } from './role.js';
import { runRoles } from './shutdown.js';
import { CountView } from './testing.js';

/** A role that does `work` with each batch. */
const roleOf = (work: (batch: Batch, lease: Lease) => Promise<void>) =>
  defineRole({
    name: 'worker',
    settings: z.object({}),
    settingsPrefix: 'WORKER_',
    reads: topic('agent.events', CountView),
    process: () =>
      perBlock({
        lanes: () => [
          {
            name: '',
            topics: ['agent.events'],
            fetch: {},
            open: () =>
              Promise.resolve({
                async onBatch(batch: Batch, lease: Lease) {
                  await work(batch, lease);
                  return { kind: 'done' as const };
                },
                close: () => Promise.resolve(),
              }),
          },
        ],
      }),
  });

function setUp() {
  const log = memoryLog({ topics: { 'agent.events': 1 } });
  log.append('agent.events', [{ key: null, value: Buffer.from('x') }]);
  const signals = new EventEmitter();
  return { log, signals, options: { log, signals, logger: silentLogger } };
}

describe('runRoles', () => {
  it('ends with 0 on SIGTERM, behind the batch at hand and its commit', async () => {
    const { log, signals, options } = setUp();
    const started = deferred<undefined>();
    const role = roleOf(async (batch, lease) => {
      started.resolve(undefined);
      // Stops only once the signal has arrived here.
      await new Promise((resolve) => lease.signal.addEventListener('abort', resolve));
      await lease.commit(batch.nextOffset);
    });
    const ended = runRoles([role], { LOG_LEVEL: 'silent' }, options);
    await started.promise;
    signals.emit('SIGTERM');
    expect(await ended).toBe(0);
    const admin = await log.admin();
    expect((await admin.committed('worker', 'agent.events')).get(0)?.offset).toBe(1);
    expect(signals.listenerCount('SIGTERM')).toBe(0);
  });

  it('ends with 1 where a worker fails, and 2 on wrong settings', async () => {
    const { options } = setUp();
    const role = roleOf(() => Promise.reject(new Error('broken')));
    expect(await runRoles([role], { LOG_LEVEL: 'silent' }, options)).toBe(1);
    expect(await runRoles([role], { LOG_LEVEL: 'loud' }, options)).toBe(2);
  });

  it('gives up a stop that takes longer than SHUTDOWN_MS', async () => {
    const { signals, options } = setUp();
    const started = deferred<undefined>();
    const role = roleOf(() => {
      started.resolve(undefined);
      return new Promise(() => undefined);
    });
    const ended = runRoles([role], { LOG_LEVEL: 'silent', SHUTDOWN_MS: '100' }, options);
    await started.promise;
    signals.emit('SIGINT');
    expect(await ended).toBe(1);
  });
});
