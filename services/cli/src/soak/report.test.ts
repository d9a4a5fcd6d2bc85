import { describe, expect, it } from 'vitest';
import { soakFaults, soakText } from './report.js';
import type { SoakResult } from './soak.js';

const flat = { mean: 300, slope: 0.1, standardError: 0.2, climbs: false };
const climbing = { ...flat, slope: 12.34, climbs: true };
const bout = { eventsPerSecond: 30_000, seconds: 10, highestLag: 200_000, backAfterSeconds: 42 };
const fine: SoakResult = {
  sessions: { opened: 200, held: { 'loop-detector': 200 }, memoryMb: { 'loop-detector': 150 }, goneAfterSeconds: 5 },
  even: {
    minutes: 20,
    looks: 400,
    eventsPerSecond: 3_000,
    lag: flat,
    highestLag: 50_000,
    usedMb: { 'loop-detector': flat },
    memoryMb: { 'loop-detector': flat },
    handles: { 'loop-detector': flat },
    cpuPerMillion: { byProcess: {}, sum: 150 },
  },
  bouts: { 'ten times the rate': bout },
  sent: 4_000_000,
  ledger: { gaps: 0, duplicates: 0 },
};

describe('soakFaults', () => {
  it('finds none where all is flat, back, gone and landed', () => {
    expect(soakFaults(fine)).toEqual([]);
    expect(soakText(fine)).not.toMatch(/CLIMBS|NOT BACK/);
  });

  it.each<[Partial<SoakResult>, string]>([
    [{ even: { ...fine.even, looks: 9 } }, 'There were 9 looks'],
    [{ even: { ...fine.even, lag: climbing } }, 'The lag of all groups climbs by 12.3 a minute.'],
    [{ even: { ...fine.even, usedMb: { meter: climbing } } }, 'Memory in use (MB) of meter climbs by 12.3 a minute.'],
    [{ even: { ...fine.even, memoryMb: { meter: climbing } } }, 'Resident memory (MB) of meter climbs by 12.3'],
    [{ even: { ...fine.even, handles: { meter: climbing } } }, 'timers and handles of meter climbs'],
    [{ bouts: { 'a burst': { ...bout, backAfterSeconds: null } } }, 'After a burst the lag did not come back.'],
    [{ sessions: { ...fine.sessions, held: { 'loop-detector': 199 } } }, 'held 199 of 200 live sessions'],
    [{ ledger: { gaps: 0, duplicates: 3 } }, 'The ledger has 3 duplicates.'],
  ])('says what is wrong: %j', (change, words) => {
    const faults = soakFaults({ ...fine, ...change });
    expect(faults).toHaveLength(1);
    expect(faults.join()).toContain(words);
  });
});
