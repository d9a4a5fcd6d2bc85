// A fetch is taken in only where it goes on at the seat's position.

import { describe, expect, it } from 'vitest';
import { fetchedAt } from './out-of-log.js';

const seat = { topic: 'agent.events', partition: 1, position: 100 };
const of = (begin: number, acceptGap = false) => ({
  admin: {
    ranges: () => Promise.resolve([begin - 1, begin].map((one, partition) => ({ partition, begin: one, end: 500 }))),
  },
  acceptGap,
});

describe('fetchedAt', () => {
  it('takes a fetch in that begins at the position, or before it', async () => {
    expect(await fetchedAt(100, seat, of(0))).toEqual({ kind: 'next' });
    expect(await fetchedAt(40, seat, of(0))).toEqual({ kind: 'next' });
  });

  it('does not skip what another holder has committed past, and the seat has yet to read', async () => {
    expect(await fetchedAt(150, seat, of(0))).toEqual({ kind: 'ahead' });
    expect(await fetchedAt(150, seat, of(100))).toEqual({ kind: 'ahead' });
    expect(await fetchedAt(150, seat, of(0, true))).toEqual({ kind: 'ahead' });
  });

  it('names what is gone between the position and the beginning of the log, unless that is accepted', async () => {
    expect(await fetchedAt(150, seat, of(150))).toMatchObject({
      kind: 'gap',
      error: { code: 'WK_LOG_GAP', message: expect.stringContaining('100') as string },
    });
    expect(await fetchedAt(150, seat, of(150, true))).toEqual({ kind: 'next' });
  });
});
