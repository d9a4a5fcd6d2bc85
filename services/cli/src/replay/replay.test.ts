import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { manualClock, type LogProducer, type OutgoingRecord } from '@watchkeeper/runtime';
import { catalogueIds, fullView, tupleKey, viewDecoder } from '@watchkeeper/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetEvent } from '../simulate/clock.js';
import { findTraces, outlineOf, parseSpeed, readTrace, replay, replayEvents } from './index.js';

const ids = catalogueIds();
const schemaId = ids.idOf('AgentEvent');
const decode = viewDecoder(fullView('AgentEvent'), ids.writerTypeOf);
const gardening = [
  { session: 'a', step: 0, kind: 'session', agent: 'gardener', goal: 'Water the beans and tell Olga.' },
  { session: 'a', step: 1, kind: 'message', actor: 'user', text: 'Please hurry.' },
  { session: 'b', step: 0, kind: 'session', agent: 'cook', goal: 'Find a soup.' },
  {
    session: 'a',
    step: 2,
    kind: 'tool',
    actor: 'agent',
    tool: 'open_tap',
    args: { litres: 12 },
    output: 'flowing',
    text: 'First the tap.',
    quarter: 3,
  },
  { session: 'b', step: 4, kind: 'tool', actor: 'Chef', tool: 'search', args: 'leek soup' },
  { session: 'a', step: 3, kind: 'message', actor: 'agent', text: 'Done.' },
];

let folder: string;
const write = (path: string, lines: readonly unknown[], zip = false): string => {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  writeFileSync(file, zip ? gzipSync(text) : text);
  return file;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fault = (code: string): Error => expect.objectContaining({ code }) as Error;
const eventsOf = async (path: string, seed = 1, start = 1_000_000): Promise<FleetEvent[]> => {
  const events: FleetEvent[] = [];
  for (const file of findTraces(path))
    for await (const event of replayEvents(file, await outlineOf(file, seed), seed, start)) events.push(event);
  return events;
};
const gathering = (): { sent: OutgoingRecord[]; producer: LogProducer } => {
  const sent: OutgoingRecord[] = [];
  return {
    sent,
    producer: {
      send: (_topic: string, records: readonly OutgoingRecord[]) => Promise.resolve(void sent.push(...records)),
    } as unknown as LogProducer,
  };
};

describe('replayEvents', () => {
  it('gives the text of a step seq 2·step and the call or message 2·step + 1, in the order of the file', async () => {
    const events = await eventsOf(write('garden/events.jsonl', gardening));
    expect(events.map(({ session_id, kind, seq }) => `${session_id} ${kind} ${seq}`)).toEqual([
      'a SESSION_STARTED 1',
      'a MESSAGE 3',
      'b SESSION_STARTED 1',
      'a REASONING 4',
      'a TOOL_CALL 5',
      'b TOOL_CALL 9',
      'b SESSION_ENDED 10',
      'a MESSAGE 7',
      'a SESSION_ENDED 8',
    ]);
    for (const { seq, kind } of events)
      if (kind !== 'SESSION_ENDED') expect(gardening.some(({ step }) => step === seq >> 1)).toBe(true);
  });

  it('names the tenant after the set, keeps the agent, and carries neither labels nor quarters', async () => {
    const events = await eventsOf(write('garden/events.jsonl', gardening));
    expect(new Set(events.map((event) => event.tenant_id))).toEqual(new Set(['garden']));
    expect(new Set(events.filter((event) => event.session_id === 'b').map((event) => event.agent_id))).toEqual(
      new Set(['cook']),
    );
    expect(JSON.stringify(events)).not.toContain('quarter');
    const call = events.find((event) => event.name === 'open_tap')!;
    expect(call).toMatchObject({
      input: '{"litres":12}',
      output: 'flowing',
      output_tokens: 4,
      input_tokens: 2,
      attributes: { synthetic: 'time,tokens' },
    });
    expect(events.find((event) => event.name === 'search')).toMatchObject({
      input: 'leek soup',
      output: '',
      role: 'Chef',
    });
  });

  it('makes the same times from the same seed, others from another, and never goes back in time', async () => {
    const file = write('garden/events.jsonl', gardening);
    const times = async (seed: number) => (await eventsOf(file, seed)).map((event) => event.occurred_at);
    expect(await times(1)).toEqual(await times(1));
    expect(await times(1)).not.toEqual(await times(2));
    const all = await times(3);
    expect(all).toEqual([...all].sort((one, other) => one - other));
  });

  it('makes the same ids each time, so that a second replay is a repeated send', async () => {
    const file = write('garden/events.jsonl', gardening);
    const idsOf = async (seed: number) => (await eventsOf(file, seed)).map((event) => event.event_id);
    expect(await idsOf(1)).toEqual(await idsOf(2));
    expect(new Set(await idsOf(1)).size).toBe(9);
  });
});

describe('findTraces', () => {
  it('takes a file, a folder with events.jsonl(.gz), and a folder of such folders', () => {
    write('many/beans/events.jsonl', gardening);
    write('many/peas/events.jsonl.gz', gardening, true);
    write('many/peas/labels.jsonl', []);
    const other = write('many/loose.jsonl', gardening);
    expect(findTraces(join(folder, 'many')).map(({ set }) => set)).toEqual(['beans', 'peas']);
    expect(findTraces(join(folder, 'many/peas')).map(({ set }) => set)).toEqual(['peas']);
    expect(findTraces(other).map(({ set }) => set)).toEqual(['loose']);
    expect(() => findTraces(join(folder, 'nowhere'))).toThrow(fault('WK_NO_TRACES'));
  });

  it('reads gzip as it reads plain text', async () => {
    const plain = await eventsOf(write('one/peas/events.jsonl', gardening));
    const zipped = await eventsOf(write('two/peas/events.jsonl.gz', gardening, true));
    expect(zipped).toEqual(plain);
  });
});

describe('what is wrong with a trace', () => {
  const refused = async (path: string): Promise<Error & { code?: string }> => {
    try {
      const lines = readTrace({ set: 's', path });
      while ((await lines.next()).done !== true) continue;
    } catch (error) {
      return error as Error;
    }
    throw new Error('it was read');
  };

  it.each([
    ['{"session": "a", "step": 0', 'JSON'],
    ['[1]', 'object'],
    ['{"step": 1, "kind": "tool"}', "'session'"],
    ['{"session": "a", "step": -1, "kind": "tool"}', "'step'"],
    ['{"session": "a", "step": 1, "kind": "dance"}', "'kind'"],
    ['{"session": "a", "step": 1, "kind": "tool", "output": {}}', "'output'"],
  ])('tells file and line of %s', async (line, why) => {
    const file = write('bad/events.jsonl', [gardening[0], '', line]);
    const error = await refused(file);
    expect(error.code).toBe('WK_TRACE_MALFORMED');
    expect(error.message).toContain(`Line 3 of ${file}`);
    expect(error.message).toContain(why);
  });

  it('says so where a gzip is broken off or none at all', async () => {
    const whole = gzipSync(gardening.map((line) => JSON.stringify(line)).join('\n'));
    const cut = join(folder, 'cut.jsonl.gz');
    writeFileSync(cut, whole.subarray(0, whole.length - 20));
    expect((await refused(cut)).code).toBe('WK_TRACE_UNREADABLE');
    expect((await refused(write('none.jsonl.gz', ['plain text']))).code).toBe('WK_TRACE_UNREADABLE');
  });

  it('sends nothing where any file is malformed', async () => {
    write('mixed/first/events.jsonl', gardening);
    write('mixed/second/events.jsonl', ['no']);
    const { sent, producer } = gathering();
    const clock = manualClock(5_000_000);
    await expect(
      replay({
        paths: [join(folder, 'mixed')],
        seed: 1,
        speed: Infinity,
        producer,
        schemaId,
        clock,
        sleep: () => Promise.resolve(),
      }),
    ).rejects.toMatchObject({ code: 'WK_TRACE_MALFORMED' });
    expect(sent).toEqual([]);
  });
});

describe('replay', () => {
  it.each([Infinity, 60, 1])('sends every event under its key, none from the future, at speed %s', async (speed) => {
    const path = write('garden/events.jsonl', gardening);
    const clock = manualClock(1_000_000_000);
    const sent: { atMs: number; record: OutgoingRecord }[] = [];
    const producer = {
      send: (_: string, records: readonly OutgoingRecord[]) =>
        Promise.resolve(void sent.push(...records.map((record) => ({ atMs: clock.nowMs(), record })))),
    } as unknown as LogProducer;
    const report = await replay({
      paths: [path],
      seed: 4,
      speed,
      producer,
      schemaId,
      clock,
      sleep: (ms) => {
        clock.advanceMs(ms);
        return Promise.resolve();
      },
    });
    expect(report).toEqual({ events: 9, sessions: 2, files: 1 });
    const outline = await outlineOf(findTraces(path)[0]!, 4);
    expect(clock.nowMs() - 1_000_000_000).toBeCloseTo(
      speed === Infinity ? 0 : outline.durationMicros / speed / 1000,
      -1,
    );
    for (const { atMs, record } of sent) {
      const decoded = decode(record.value);
      if (decoded.kind === 'bad') throw new Error(decoded.error);
      expect(record.key).toBe(tupleKey('garden', decoded.value.session_id));
      expect(decoded.value.occurred_at).toBeLessThanOrEqual((atMs + 1) * 1000);
    }
  });

  it.each([
    ['1', 1],
    ['×60', 60],
    ['x2.5', 2.5],
    ['10', 10],
    ['max', Infinity],
  ])('reads the speed %s', (text, factor) => {
    expect(parseSpeed(text)).toBe(factor);
  });

  it.each(['', 'fast', '0', '-1', '1e9', 'x'])("refuses the speed '%s'", (text) => {
    expect(() => parseSpeed(text)).toThrow(fault('WK_BAD_SPEED'));
  });
});

const data = join(
  process.env['WATCHKEEPER_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url)),
  'traces',
);

describe.skipIf(!existsSync(data))('the labelled traces (skipped where WATCHKEEPER_DATA is absent)', () => {
  it.each(findIfThere())(
    '%s: seq maps back to the step, the tenant is the set, and nothing is lost',
    async (_set, file) => {
      const outline = await outlineOf(file, 1);
      const lines: { session: string; step: number; kind: string }[] = [];
      for await (const line of readTrace(file)) lines.push(line);
      let at = 0;
      let last = 0;
      const seen = new Set<string>();
      for await (const event of replayEvents(file, outline, 1, 0)) {
        expect(event.tenant_id).toBe(file.set);
        expect(event.occurred_at).toBeGreaterThanOrEqual(last);
        last = event.occurred_at;
        const place = `${event.session_id} ${event.seq}`;
        expect(seen.has(place)).toBe(false);
        seen.add(place);
        if (event.kind === 'SESSION_ENDED' || event.seq % 2 === 0) continue;
        expect([event.session_id, event.seq >> 1]).toEqual([lines[at]!.session, lines[at]!.step]);
        at += 1;
      }
      expect(at).toBe(lines.length);
      expect(last).toBe(outline.durationMicros);
    },
  );

  function findIfThere() {
    return existsSync(data) ? findTraces(data).map((file) => [file.set, file] as const) : [];
  }
});
