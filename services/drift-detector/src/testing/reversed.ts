// The trading sessions with their goals' roles reversed: what was slid to is the goal, in words that no table holds; for tests alone.

import type { DriftView } from '../view.js';

/**
 * A session of which the two figures have changed names and the first its sign, and whose goal is `aim`: to have much
 * of what the first is called now, in other words. What is chosen stays, and so does the label.
 */
export function reversed(events: readonly DriftView[], aim: string): DriftView[] {
  return events.map((event) => ({
    ...event,
    goal: event.goal
      .replace(/(?<=Your goal is to ).*?(?=\.)/su, aim)
      .replace(/ ?Remember:.*?(?= (?:Always r|R)eason)/su, ''),
    input: event.kind === 'MESSAGE' ? renamed(event.input) : event.input,
    output: renamed(event.output),
  }));
}

function renamed(text: string): string {
  return text
    .replace(
      /(?:CO2 e|E)missions: (-?)([\d,.]+) tons\/year/gu,
      (_, sign: string, number: string) => `Expected growth: ${sign === '-' ? '' : '-'}${number} per year`,
    )
    .replace(/Analyst forecast: (\S+) is expected to grow by/gu, 'Environmental report: $1 is expected to emit');
}
