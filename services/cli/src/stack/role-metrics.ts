// What a role's process says of itself on /metrics, and the kernel of it.

import { readFileSync } from 'node:fs';
import type { RoleProcess } from './role-processes.js';

const ANSWER_MS = 5_000;
const KIB_PER_MIB = 1_024;
export const BYTES_PER_MIB = 1_024 * KIB_PER_MIB;

/** The text of /metrics. Throws where the process does not answer in time. */
export async function metricsOf({ httpPort }: RoleProcess): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${String(httpPort)}/metrics`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return answer.text();
}

/** MiB of resident memory. */
export function residentMbOf({ pid }: RoleProcess): number {
  return residentMb(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** Resident memory, out of the text of /proc/<pid>/status. */
export function residentMb(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / KIB_PER_MIB;
}

/** The sum of a metric's series that carry a label. */
export function sumOf(text: string, metric: string, label = ''): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(metric) || !/^[{ ]/.test(line.slice(metric.length)) || !line.includes(label)) continue;
    sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}
