import { describe, expect, it } from 'vitest';
import { retry } from './retry.js';

const failing = (failures: number) => {
  let calls = 0;
  return {
    attempt: () => (++calls <= failures ? Promise.reject(new Error(`try ${calls}`)) : Promise.resolve(calls)),
    calls: () => calls,
  };
};
const quick = { tries: 4, firstMs: 1, maxMs: 2 };

describe('retry', () => {
  it('tries until it succeeds', async () => {
    expect(await retry(failing(3).attempt, quick)).toBe(4);
  });

  it('is bounded, and throws the last error', async () => {
    const task = failing(9);
    await expect(retry(task.attempt, quick)).rejects.toThrow('try 4');
    expect(task.calls()).toBe(4);
  });

  it('does not try again what another try cannot mend', async () => {
    const task = failing(9);
    await expect(retry(task.attempt, { ...quick, retriable: () => false })).rejects.toThrow('try 1');
  });

  it('waits at most the doubled time, and less by jitter', async () => {
    const startMs = performance.now();
    await expect(retry(failing(9).attempt, { tries: 3, firstMs: 1e6, maxMs: 1e6, random: () => 0 })).rejects.toThrow(
      'try 3',
    );
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });

  it('ends at once when it is aborted', async () => {
    const stop = new AbortController();
    const task = failing(9);
    const ended = retry(task.attempt, {
      tries: 9,
      firstMs: 1e6,
      maxMs: 1e6,
      signal: stop.signal,
      onRetry: () => stop.abort(),
    });
    await expect(ended).rejects.toThrow('try 1');
    expect(task.calls()).toBe(1);
  });
});
