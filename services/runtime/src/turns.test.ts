import { describe, expect, it } from 'vitest';
import { deferred } from './deferred.js';
import { turns } from './turns.js';

describe('turns', () => {
  it('begins a task when the one before it is over, also where that failed', async () => {
    const inTurn = turns();
    const first = deferred<undefined>();
    const seen: string[] = [];
    const one = inTurn(async () => {
      seen.push('one begins');
      await first.promise;
      throw new Error('one fails');
    });
    const two = inTurn(() => Promise.resolve(seen.push('two begins')));
    await Promise.resolve();
    expect(seen).toEqual(['one begins']);
    first.resolve(undefined);
    await expect(one).rejects.toThrow('one fails');
    expect(await two).toBe(2);
  });
});
