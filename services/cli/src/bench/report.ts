// What a bench says: faults as sentences, figures as lines.

import { isEqual, type Comparison } from './compare.js';
import type { CpuUse } from './cpu.js';
import type { DrainResult } from './drain.js';
import type { LandingResult } from './landing.js';
import type { LatencyResult } from './latency.js';
import type { MicroResult } from './micro.js';
import type { RestoreResult } from './restore.js';

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

/** A sentence where detections are not those of the run in memory. */
export function comparisonFaults(what: string, comparison: Comparison): string[] {
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

/** A latency run for a person. */
export function latencyText({ events, eventsPerSecond, latencyMs, cpuPerMillion }: LatencyResult): string {
  return lines(
    `Latency: ${events} events at ${eventsPerSecond} a second`,
    ...Object.entries(latencyMs).map(
      ([detector, { p50, p99, detections }]) =>
        `  ${detector}: readable after ${p50} ms (p50), ${p99} ms (p99) of ${detections} detections`,
    ),
    `  CPU seconds per million events: ${cpuText(cpuPerMillion)}`,
  );
}

/** Rows that are missing or twice on our way; the others are here for their cost. */
export function landingFaults({ events, turns }: LandingResult): string[] {
  return turns
    .map(({ ways }) => ways.landing)
    .filter(({ rows, uniqueOffsets }) => rows !== events || uniqueOffsets !== events)
    .map(
      ({ rows, uniqueOffsets }) =>
        `Of ${events} events ${rows} rows with ${uniqueOffsets} distinct offsets were landed.`,
    );
}

/** Landing beside the other ways, for a person. */
export function landingText({ events, turns, ofNaive, ofKafkaEngine }: LandingResult): string {
  return lines(
    `Landing: ${events} events, ${turns.length} times`,
    ...turns.flatMap(({ ways }) =>
      Object.entries(ways).map(
        ([name, { rowsPerSecond, cpuPerMillion }]) =>
          `  ${name}: ${rowsPerSecond} rows/s, CPU seconds per million rows: ${cpuText(cpuPerMillion)}`,
      ),
    ),
    `  in the median landing's CPU is ${ofNaive} of the naive way's and ${ofKafkaEngine} of the Kafka engine's`,
  );
}

/** Single parts for a person. */
export function microText({ events, bytesPerEvent, microsPerEvent }: MicroResult): string {
  return lines(
    `CPU microseconds per event (${events} events of ${bytesPerEvent} bytes)`,
    ...Object.entries(microsPerEvent).map(([name, micros]) => `  ${name}: ${micros}`),
  );
}

/** A restore for a person. */
export function restoreText(result: RestoreResult): string {
  const { sessions, bytesPerState, seconds, cpuSeconds, heapMegabytes, residentMegabytes, stages } = result;
  return lines(
    `Restore: ${sessions} sessions of ${bytesPerState} bytes taken over in ${seconds} s, ${cpuSeconds} CPU seconds`,
    `  ${heapMegabytes} MB of heap, ${residentMegabytes} MB resident; written in ${stages['write'] ?? 0} s`,
  );
}

function cpuText({ byProcess, sum }: CpuUse): string {
  const parts = Object.entries(byProcess).map(([name, seconds]) => `${name} ${seconds}`);
  return `${sum} in sum (${parts.join(', ')})`;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
