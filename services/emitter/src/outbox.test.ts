// Laws of delivery: in order, within bounds, every loss counted, and the agent never notices.

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryTransport, recordsRejected, type EventRecord } from './index.js';
import { closeEmitters, decode, emitterOver } from './testing/emitter-over.js';

afterEach(closeEmitters);

describe('delivery', () => {
  /** A log that can be taken away. */
  class Switchable extends MemoryTransport {
    up = true;
    refuses: (record: EventRecord) => boolean = () => false;
    override async send(records: readonly EventRecord[]): Promise<void> {
      if (!this.up) throw new Error('nobody there');
      const refused = records.filter(this.refuses);
      await super.send(records.filter((record) => !refused.includes(record)));
      if (refused.length > 0) throw recordsRejected(refused.length, 'too large');
    }
  }
  const seqs = (log: MemoryTransport): number[] =>
    log.records.map(({ value }) => {
      const decoded = decode(value);
      return decoded.kind === 'ok' ? decoded.value.seq : -1;
    });

  it('keeps what fits while the log is away, says so once, and delivers in order', async () => {
    const log = new Switchable();
    const { emitter, notices } = emitterOver({ transport: log, bufferEvents: 10, retryMs: 1 });
    log.up = false;
    const session = emitter.session({ resumed: true });
    for (let i = 0; i < 15; i++) session.tool({ name: 't' });
    expect(await emitter.flush(30)).toBe(false);
    for (let i = 0; i < 3; i++) session.tool({ name: 't' });
    expect(emitter.stats()).toMatchObject({ recorded: 18, sent: 0, buffered: 10, dropped: { buffer_full: 8 } });
    await expect.poll(() => emitter.stats().retries).toBeGreaterThan(1);
    expect(notices).toEqual([expect.stringContaining('full'), expect.stringContaining('takes no events')]);
    log.up = true;
    expect(await emitter.flush()).toBe(true);
    expect(seqs(log)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(notices).toHaveLength(3);
    session.tool({ name: 't' });
    expect(await emitter.flush()).toBe(true);
    expect(seqs(log)).toHaveLength(11);
  });

  it('drops the refused event alone', async () => {
    const log = new Switchable();
    const { emitter } = emitterOver({ transport: log, flushMs: 60_000 });
    const session = emitter.session({ resumed: true });
    log.refuses = ({ value }) => value.includes('poison');
    for (let i = 0; i < 20; i++) session.tool({ name: i === 3 || i === 13 ? 'poison' : 'fine' });
    expect(await emitter.flush()).toBe(true);
    expect(seqs(log)).toEqual(Array.from({ length: 20 }, (_, i) => i).filter((i) => i !== 3 && i !== 13));
    expect(emitter.stats()).toMatchObject({ sent: 18, dropped: { rejected: 2 }, buffered: 0, bufferedBytes: 0 });
  });

  it('never holds more than its bounds, whatever comes', async () => {
    const log = new Switchable();
    log.up = false;
    const { emitter } = emitterOver({ transport: log, bufferEvents: 50, bufferBytes: 20_000, retryMs: 1 });
    const session = emitter.session({ resumed: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30_000 }), (chars) => {
        session.tool({ name: 't', input: 'x'.repeat(chars) });
        const { buffered, bufferedBytes, recorded, dropped } = emitter.stats();
        expect(buffered).toBeLessThanOrEqual(50);
        expect(bufferedBytes).toBeLessThanOrEqual(20_000);
        expect(buffered + dropped.buffer_full).toBe(recorded);
      }),
    );
    log.up = true;
    expect(await emitter.flush()).toBe(true);
    const { sent, dropped, recorded } = emitter.stats();
    expect(sent + dropped.buffer_full).toBe(recorded);
  });

  it('waits for room instead of dropping, when asked to', async () => {
    const { emitter, events } = emitterOver({ bufferEvents: 10, flushMs: 60_000 });
    const session = emitter.session({ resumed: true });
    for (let i = 0; i < 500; i++) {
      await emitter.room();
      session.tool({ name: 't' });
    }
    expect(await events()).toHaveLength(500);
    expect(emitter.stats().dropped.buffer_full).toBe(0);
  });

  it('closes within its time while the log hangs, and counts what was lost', async () => {
    const { emitter } = emitterOver({
      transport: { send: () => new Promise(() => undefined), close: () => new Promise(() => undefined) },
    });
    const session = emitter.session({ resumed: true });
    session.tool({ name: 't' });
    const start = performance.now();
    await emitter.close(20);
    expect(performance.now() - start).toBeLessThan(10_000);
    session.tool({ name: 't' });
    expect(emitter.stats()).toMatchObject({ recorded: 2, sent: 0, buffered: 0, dropped: { closed: 2 } });
  });

  it('lets go of an idle connection, and takes it up again', async () => {
    const log = new Switchable();
    let closes = 0;
    const { emitter } = emitterOver({ transport: { send: (records) => log.send(records), close: () => { closes++; return Promise.resolve(); } }, idleMs: 1 }); // prettier-ignore
    const session = emitter.session({ resumed: true });
    session.tool({ name: 't' });
    await emitter.flush();
    await expect.poll(() => closes).toBe(1);
    session.tool({ name: 't' });
    expect(await emitter.flush()).toBe(true);
    expect(seqs(log)).toEqual([0, 1]);
  });

  it('survives a logger that throws', async () => {
    const { emitter, events } = emitterOver({ bufferEvents: 1, onNotice: () => { throw new Error('no logger'); } }); // prettier-ignore
    const session = emitter.session({ resumed: true });
    for (let i = 0; i < 3; i++) session.tool({ name: 't' });
    expect(await events()).toHaveLength(1);
  });
});
