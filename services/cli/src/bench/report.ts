// What a bench says: faults as sentences, figures as lines.

import { isEqual, type Comparison } from './compare.js';
import type { CpuUse } from './cpu.js';
import type { DrainResult } from './drain.js';

const LEAST_SESSIONS_PER_MILLION = 5_000;

/** What is wrong with a drain; slowness is not. */
export function drainFaults(result: DrainResult): string[] {
  const { sessions, agents, readable } = result.detections;
  const faults = [
    ...comparisonFaults('Detections about sessions', sessions),
    ...comparisonFaults('Detections about agents', agents),
  ];
  if (readable !== sessions.found + agents.found)
    faults.push(`SQL reads ${readable} detections, and the log holds ${sessions.found + agents.found}.`);
  const { differing } = result.measures;
  if (differing.length > 0)
    faults.push(`The measures in the log are not those of the events: ${differing.join('; ')}.`);
  if (result.sessions * 1e6 < LEAST_SESSIONS_PER_MILLION * result.events)
    faults.push(`The topic held ${result.sessions} sessions only.`);
  return faults;
}

function comparisonFaults(what: string, comparison: Comparison): string[] {
  if (isEqual(comparison)) return [];
  const { expected, found, missing, unexpected, different } = comparison;
  const parts = [
    ...missing.map((one) => `missing ${one}`),
    ...unexpected.map((one) => `unexpected ${one}`),
    ...different.map((one) => `different ${one}`),
  ];
  return [`${what} differ from the run in memory (${found} found, ${expected} expected): ${parts.join('; ')}.`];
}

/** A drain for a person. */
export function drainText(result: DrainResult): string {
  const { detections, stages } = result;
  return lines(
    `Drain: ${result.events} events of ${result.sessions} sessions (${result.faultySessions} at fault), ${result.eventsPerSecond} events/s`,
    `  CPU seconds per million events: ${cpuText(result.cpuPerMillion)}`,
    `  ${detections.sessions.found} detections about sessions, ${detections.agents.found} about agents; ${result.measuresPerEvent} measures per event`,
    `  stages: ${Object.entries(stages)
      .map(([name, seconds]) => `${name} ${seconds} s`)
      .join(', ')}`,
  );
}

export function cpuText({ byProcess, sum }: CpuUse): string {
  const parts = Object.entries(byProcess).map(([name, seconds]) => `${name} ${seconds}`);
  return `${sum} in sum (${parts.join(', ')})`;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
