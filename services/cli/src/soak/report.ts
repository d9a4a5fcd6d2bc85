// What a soak says: faults as sentences, figures as lines.

import type { Bout, SoakResult } from './soak.js';
import type { Course } from './trend.js';

/** About three minutes of them: fewer say nothing about a slope. */
const LEAST_LOOKS = 60;

/** What is not as it should be. */
export function soakFaults({ even, sessions, bouts, ledger }: SoakResult): string[] {
  const climbing = (what: string, courses: Readonly<Record<string, Course>>): string[] =>
    Object.entries(courses)
      .filter(([, { climbs }]) => climbs)
      .map(([name, { slope }]) => `${what} of ${name} climbs by ${slope.toFixed(1)} a minute.`);
  return [
    ...(even.looks < LEAST_LOOKS
      ? [`There were ${even.looks} looks at the even rate: too few to say what climbs.`]
      : []),
    ...climbing('The lag', { 'all groups': even.lag }),
    ...climbing('Memory in use (MB)', even.usedMb),
    ...climbing('Resident memory (MB)', even.memoryMb),
    ...climbing('The number of timers and handles', even.handles),
    ...Object.entries(bouts)
      .filter(([, { backAfterSeconds }]) => backAfterSeconds === null)
      .map(([name]) => `After ${name} the lag did not come back.`),
    ...Object.entries(sessions.held)
      .filter(([, held]) => held !== sessions.opened)
      .map(([name, held]) => `${name} held ${held} of ${sessions.opened} live sessions.`),
    ...Object.entries(ledger)
      .filter(([, count]) => count !== 0)
      .map(([name, count]) => `The ledger has ${count} ${name}.`),
  ];
}

/** A soak for a person. */
export function soakText({ even, bouts, sessions, sent, ledger }: SoakResult): string {
  const course = (name: string, { mean, slope, standardError, climbs }: Course): string =>
    `    ${name}: ${mean.toFixed(0)}, ${slope.toFixed(1)} ± ${standardError.toFixed(1)} a minute${climbs ? ': CLIMBS' : ''}`;
  const bout = (name: string, { eventsPerSecond, seconds, highestLag, backAfterSeconds }: Bout): string =>
    `  ${name} (${eventsPerSecond}/s for ${seconds} s): lag ${highestLag} at most, ${backAfterSeconds === null ? 'NOT BACK' : `back after ${backAfterSeconds} s`}`;
  const each = (figures: Readonly<Record<string, number>>): string =>
    Object.entries(figures)
      .map(([name, figure]) => `${name} ${figure.toFixed(0)}`)
      .join(', ');
  const lines = [
    `Soak: ${even.eventsPerSecond} events/s for ${even.minutes} minutes, CPU seconds per million events ${even.cpuPerMillion.sum}`,
    course(`lag in records (${even.highestLag} at most)`, even.lag),
    ...Object.entries(even.usedMb).map(([name, one]) => course(`${name}, MB in use`, one)),
    ...Object.entries(even.memoryMb).map(([name, one]) => course(`${name}, MB resident`, one)),
    ...Object.entries(even.handles).map(([name, one]) => course(`${name}, timers and handles`, one)),
    ...Object.entries(bouts).map(([name, one]) => bout(name, one)),
    `  ${sessions.opened} live sessions: held ${each(sessions.held)}; MB ${each(sessions.memoryMb)}; gone ${sessions.goneAfterSeconds} s after their time`,
    `  ${sent} events sent at the even place; gaps ${ledger.gaps}, duplicates ${ledger.duplicates}`,
  ];
  return `${lines.join('\n')}\n`;
}
