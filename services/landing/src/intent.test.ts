// Commit metadata: what landing wrote reads back, and what anybody else wrote is no intent.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOfToken, blockToken, decodeIntent, encodeIntent } from './intent.js';

describe('an intent', () => {
  it("reads back, and fits Kafka's 4,096 bytes", () => {
    const longest = { pendingTo: Number.MAX_SAFE_INTEGER, logId: 'c'.repeat(249), failed: true };
    expect(decodeIntent(encodeIntent(longest))).toEqual(longest);
    expect(encodeIntent(longest).length).toBeLessThan(4_096);
    expect(decodeIntent(encodeIntent({ ...longest, failed: false }))).toEqual({ ...longest, failed: false });
  });

  it('is not found in whatever else stands there', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeIntent(text)).toBeUndefined();
      }),
    );
    expect(decodeIntent('{"pendingTo":1.5,"logId":"x"}')).toBeUndefined();
    expect(decodeIntent(undefined)).toBeUndefined();
  });
});

describe('blockToken', () => {
  it('names log, topic, partition, block and schema', () => {
    expect(blockToken('id@2', 'agent.events', 4, 10, 19, '1')).toBe('id@2:agent.events:4:10-19:1');
  });

  it('is read back, whatever was inserted of the block', () => {
    const block = { logId: 'a:b@2', partition: 4, first: 10, last: 19 };
    const token = blockToken(block.logId, 'agent.events', 4, 10, 19, '1');
    for (const what of [token, `${token}:absent:0f`, `${token}:mend:model_hour:0:ab`])
      expect(blockOfToken(what, 'agent.events')).toEqual(block);
    expect(blockOfToken(token, 'agent.measures')).toBeUndefined();
    expect(blockOfToken('of somebody else', 'agent.events')).toBeUndefined();
  });
});
