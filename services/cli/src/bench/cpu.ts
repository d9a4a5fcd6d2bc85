// CPU time of processes, as Linux counts it.

import { readFileSync } from 'node:fs';

// USER_HZ: 100 on every Linux that Node runs on.
const TICKS_PER_SECOND = 100;

/** Seconds of CPU (user and system, all threads) that a process has used; 0 where it is gone. */
export function cpuSeconds(pid: number): number {
  try {
    return cpuSecondsIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return 0;
  }
}

/** The same from the text of /proc/<pid>/stat: fields 14 and 15, counted after the command's name, which may hold spaces. */
export function cpuSecondsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Processes by name. */
export type Pids = Readonly<Record<string, number>>;

/** CPU seconds per process and in sum since `before`. */
export interface CpuUse {
  readonly byProcess: Readonly<Record<string, number>>;
  readonly sum: number;
}

/** Reads the clocks of `pids`; call the answer later for what was used since. Processes that start later count from their start. */
export function startCpu(pids: Pids): (more?: Pids) => CpuUse {
  const before = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]));
  return (more = {}) => {
    const byProcess = Object.fromEntries(
      Object.entries({ ...pids, ...more }).map(([name, pid]) => [name, cpuSeconds(pid) - (before[name] ?? 0)]),
    );
    return { byProcess, sum: Object.values(byProcess).reduce((sum, seconds) => sum + seconds, 0) };
  };
}

/** The same per million of what was done. */
export function perMillion({ byProcess, sum }: CpuUse, count: number): CpuUse {
  const rate = (seconds: number): number => Math.round((seconds / count) * 1e7) / 10;
  return {
    byProcess: Object.fromEntries(Object.entries(byProcess).map(([name, seconds]) => [name, rate(seconds)])),
    sum: rate(sum),
  };
}
