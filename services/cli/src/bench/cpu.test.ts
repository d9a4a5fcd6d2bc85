import { describe, expect, it } from 'vitest';
import { cpuSeconds, cpuSecondsIn, perMillion, startCpu } from './cpu.js';

describe('cpuSecondsIn', () => {
  it('adds user and system time, whatever the command is called', () => {
    const stat = '42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 250 150 7 9 20 0 11 0 100 1000 10';
    expect(cpuSecondsIn(stat)).toBe(4);
  });
});

describe('startCpu', () => {
  it('counts what was used since, and knows that a process is gone', () => {
    const use = startCpu({ own: process.pid });
    const from = cpuSeconds(process.pid);
    while (cpuSeconds(process.pid) - from < 0.02) JSON.stringify(Array.from({ length: 1_000 }));
    const used = use({ gone: 2 ** 30 });
    expect(used.byProcess['own']).toBeGreaterThan(0);
    expect(used.byProcess['gone']).toBe(0);
    expect(used.sum).toBeCloseTo(used.byProcess['own'] ?? 0);
  });
});

describe('perMillion', () => {
  it('scales by the count', () => {
    expect(perMillion({ byProcess: { a: 12, b: 3 }, sum: 15 }, 500_000)).toEqual({
      byProcess: { a: 24, b: 6 },
      sum: 30,
    });
  });
});
