// Every way in which a token may have lost its meaning is told, and a token without any is kept.

import { describe, expect, it } from 'vitest';
import { tokenDoubt, type TokenEvidence } from './token-doubt.js';

const SECOND = 1_000_000;
const sure: TokenEvidence = {
  receiptBeforeMicros: 1_000 * SECOND,
  blocksSince: 24_999,
  windowBlocks: 100_000,
  windowSeconds: undefined,
  tablesChangedMicros: 999 * SECOND,
  engineStartedMicros: 999 * SECOND,
  nowMicros: 9_000 * SECOND,
};

describe('tokenDoubt', () => {
  it('has none where window, tables and engine are as they were', () => {
    expect(tokenDoubt(sure)).toBeUndefined();
    expect(tokenDoubt({ ...sure, engineStartedMicros: undefined })).toBeUndefined();
    expect(tokenDoubt({ ...sure, windowSeconds: 16_001 })).toBeUndefined();
  });

  it.each<[string, Partial<TokenEvidence>]>([
    ['no receipt of the block before', { receiptBeforeMicros: undefined }],
    ['blocks since', { blocksSince: 25_000 }],
    ['kept for 100', { windowBlocks: 100 }],
    ['kept for 0', { windowBlocks: 0, blocksSince: 0 }],
    ['keep tokens', { windowSeconds: 16_000 }],
    ['altered since', { tablesChangedMicros: 1_000 * SECOND }],
    ['was started since', { engineStartedMicros: 1_000 * SECOND }],
  ])('is there: %s', (why, over) => {
    const doubt = tokenDoubt({ ...sure, ...over });
    expect(doubt).toBeDefined();
    if (!why.includes('blocks since')) expect(doubt).toContain(why.replace('no receipt', 'no receipt'));
  });
});
