import { describe, expect, it } from 'vitest';
import { heldUpBy, type Progress } from './drain.js';

const done: Progress = {
  lag: new Map([['loop-detector', 0]]),
  produced: 10,
  landed: 9,
  deadLettered: 1,
  judgedToMicros: 500,
};

describe('heldUpBy', () => {
  it('is undefined once nothing lags, all is landed and event time is judged', () => {
    expect(heldUpBy(done, 500)).toBeUndefined();
  });

  it.each([
    [{ lag: new Map([['meter', 3]]) }, 'meter is 3 records behind'],
    [{ landed: 7 }, '2 events are not landed'],
    [{ judgedToMicros: 499 }, 'windows are closed up to 1970-01-01'],
  ])('names what is behind: %j', (change, words) => {
    expect(heldUpBy({ ...done, ...change }, 500)).toContain(words);
  });
});
