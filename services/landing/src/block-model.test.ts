// Laws of the block protocol over thousands of schedules; and without any one of its safeguards some schedule breaks them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSchedule, type Decision, type Safeguard, type Schedule } from './block-model.testing.js';

const decision: fc.Arbitrary<Decision> = fc.record({
  what: fc.oneof(
    { weight: 40, arbitrary: fc.constant('go' as const) },
    {
      weight: 5,
      arbitrary: fc.constantFrom(
        'kill' as const,
        'stop' as const,
        'wake' as const,
        'steal' as const,
        'cut' as const,
        'engine dies' as const,
        'fails' as const,
        'tokens fade' as const,
        'tokens are lost' as const,
      ),
    },
  ),
  pick: fc.nat(30),
});

const schedule: fc.Arbitrary<Schedule> = fc.record({
  offsets: fc.uniqueArray(fc.nat(24), { minLength: 1, maxLength: 14 }).map((offsets) => offsets.sort((a, b) => a - b)),
  fetches: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  limits: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
  decisions: fc.array(decision, { maxLength: 250, size: 'max' }),
});

const breaks = async (without?: Safeguard, numRuns = 6_000) =>
  fc.check(
    fc.asyncProperty(schedule, async (one) => (await runSchedule(one, without)).length === 0),
    { numRuns, seed: 7, endOnFailure: true },
  );

describe('the block protocol', () => {
  it('lands each good offset once in table and views, each bad one as a dead letter, and commits past nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (one) => {
        expect(await runSchedule(one)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  }, 300_000);

  it.each<Safeguard>([
    'the pending block is replayed',
    'commit comes after the insert',
    'the token names the block',
    'the closing offset is checked',
    'the heartbeat is checked before an insert',
    'a doubtful block is read back',
    'rollups are mended',
    'nothing is read back while an insert is at work',
    'nothing is read back while the holder before may begin one',
    'a block whose try failed is read back',
    'absent rows go in under a name of their own',
  ])(
    'needs that %s',
    async (safeguard) => {
      expect((await breaks(safeguard)).failed).toBe(true);
    },
    300_000,
  );
});
