// The role over a log in memory: events in, detections out, whatever else lies in the topic.

import { hostRoles, memoryLog } from '@watchkeeper/runtime';
import {
  catalogueIds,
  encodeWire,
  fullView,
  tupleKey,
  viewDecoder,
  writerTypes,
  type Detection,
} from '@watchkeeper/schemas';
import { defaultRecord } from '@watchkeeper/schemas/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldEventCodec, loopInput } from './held-event.js';
import { loopDetectorRole, loopEngine } from './service.js';
import { call, event, words } from './testing/events.js';
import type { LoopView } from './view.js';

const decodeDetection = viewDecoder(fullView('Detection'), () => writerTypes.Detection);

function wire(view: LoopView): Buffer {
  const event = { ...defaultRecord('AgentEvent'), ...view };
  return encodeWire(catalogueIds().idOf('AgentEvent'), writerTypes.AgentEvent, event);
}

function decoded(value: Buffer | null): Detection {
  const result = decodeDetection(value);
  if (result.kind === 'bad') throw new Error(result.error);
  return result.value;
}

describe('the loop-detector role', () => {
  it('finds a loop whose events come twice and out of order, and says where its evidence lies', async () => {
    const log = memoryLog({
      topics: { 'agent.events': 1, 'agent.detections': 1, 'loop-detector.agent.events.changelog': 1 },
      nowMs: () => 1_800_000_000_000,
    });
    const loop = [1, 2, 3, 4, 5].map((seq) => call(seq, 'ping', { host: 'a' }, words(1, 20)));
    const ended = event(6, { kind: 'SESSION_ENDED' });
    const sent = [loop[0]!, loop[0]!, loop[1]!, loop[4]!, loop[2]!, loop[2]!, loop[3]!, ended];
    log.append('agent.events', [
      { key: null, value: Buffer.from('nonsense') },
      ...sent.map((one) => ({ key: tupleKey('t', 's'), value: wire(one) })),
    ]);
    const host = await hostRoles([loopDetectorRole], { LOG_LEVEL: 'silent' }, { log });
    await log.drained('loop-detector', 'agent.events');
    await host.stop();
    const found = log.records('agent.detections').map((record) => decoded(record.value));
    expect(found.map(({ revision, status, source_offset }) => [revision, status, source_offset])).toEqual([
      [1, 'OPEN', 5],
      [2, 'OPEN', 7],
      [3, 'CLOSED', 8],
    ]);
    expect(new Set(found.map(({ detection_id }) => detection_id)).size).toBe(1);
  });

  it('knows its settings, and refuses what they cannot be', async () => {
    const log = memoryLog({ topics: { 'agent.events': 1, 'agent.detections': 1 } });
    const start = hostRoles([loopDetectorRole], { LOG_LEVEL: 'silent', LOOP_TURNS: 'many' }, { log });
    await expect(start).rejects.toThrow(/LOOP_TURNS/);
  });
});

describe('an event on its way in', () => {
  it('comes back from the codec as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 32 }), (text, bytes) => {
        const one = call(7, text, text, text, { input_sketch: Buffer.from(bytes) });
        expect(heldEventCodec.decode(heldEventCodec.encode(one))).toEqual(one);
      }),
    );
  });

  it('is clamped to the log and cut to what is judged', () => {
    const one = loopInput(call(1, 't', 'x'.repeat(5e6), 'y', { occurred_at: 9e15 }), { timestampMs: 1_000 });
    expect([one.occurred_at, one.output]).toEqual([1_000_000, 'y']);
    expect(one.input.length).toBeLessThan(20_000);
  });

  it('is judged the same whether cut before or not', () => {
    const { detector } = loopEngine();
    const told = [false, true].map((cutFirst) => {
      const state = detector.create('1:t1:s');
      return [1, 2, 3, 4].flatMap((seq) => {
        const one = call(seq, 't', `${words(seq, 4_000)} ${words(seq + 9, 4_000)}`, words(3, 9_000));
        return detector.onEvent(state, cutFirst ? loopInput(one, { timestampMs: 9e12 }) : one);
      });
    });
    expect(told[0]).toEqual(told[1]);
    expect(told[0]!.length).toBeGreaterThan(0);
  });
});
