// Numbers that go one way from visit to visit: a poll that gets on, a batch that counts, and no loop.

import { plainNumbers } from '@watchkeeper/schemas';

const MOST = 4;
const MAX_CHARS = 256;
const SHORT_CHARS = 512;

/** The first numbers of a call and of its result, at most four of each; of a long result none: there one does not make a difference. */
export interface StepNumbers {
  readonly input: readonly number[];
  readonly output: readonly number[];
}

/** Which of a step's numbers rose and which fell since an earlier visit: bits 0 to 3 for the call's in their order, 4 to 7 for the result's. */
export interface Trend {
  readonly rose: number;
  readonly fell: number;
}

export const NO_TREND: Trend = { rose: 0, fell: 0 };

const OUTPUT_BITS = 0xf0;

export function stepNumbers(input: string, output: string): StepNumbers {
  return {
    input: firstNumbers(input),
    output: output.length > SHORT_CHARS ? NO_NUMBERS : firstNumbers(output),
  };
}

const digit = /[0-9]/;
const NO_NUMBERS: readonly number[] = [];

function firstNumbers(text: string): readonly number[] {
  const head = text.slice(0, MAX_CHARS);
  // Half of the texts have no digit; to look for one costs a tenth of reading them.
  return digit.test(head) ? plainNumbers(head, MOST, MAX_CHARS) : NO_NUMBERS;
}

export function trendSince(now: StepNumbers, before: StepNumbers): Trend {
  const input = moves(now.input, before.input);
  const output = moves(now.output, before.output);
  return { rose: input.rose | (output.rose << MOST), fell: input.fell | (output.fell << MOST) };
}

/** None where there are not as many numbers as before: they cannot be told apart. */
function moves(now: readonly number[], before: readonly number[]): Trend {
  let rose = 0;
  let fell = 0;
  for (let i = 0; now.length === before.length && i < now.length; i++) {
    const change = (now[i] ?? 0) - (before[i] ?? 0);
    if (change > 0) rose |= 1 << i;
    else if (change < 0) fell |= 1 << i;
  }
  return { rose, fell };
}

/**
 * Whether a number of the result, or half of those of the call that moved, go on in the direction in which they went before. What
 * jumps to and fro is noise; beside a result's progress there may be noise, too.
 */
export function goesOn(now: Trend, before: Trend): boolean {
  const on = (now.rose & before.rose) | (now.fell & before.fell);
  return (on & OUTPUT_BITS) !== 0 || (on !== 0 && 2 * bits(on) >= bits((now.rose | now.fell) & ~OUTPUT_BITS));
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
