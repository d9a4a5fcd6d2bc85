// Times for traces that have none: pauses drawn from a seed, longer for longer texts; they never decrease in the file's order.

import { Rng } from '../simulate/world/rng.js';
import type { TraceLine } from './trace-line.js';

/** Microseconds that pass before each line of a file, by the seed and the file's name alone. */
export function pauses(seed: string | number, set: string): (line: TraceLine) => number {
  const rng = new Rng(seed, 'replay', set);
  return function pauseBefore(line) {
    switch (line.kind) {
      case 'session':
        return seconds(rng.lognormal(6, 0.7));
      case 'message':
        return seconds(
          line.actor === 'user' ? rng.lognormal(9, 0.7) : rng.lognormal(1.5, 0.4) + line.text.length / 320,
        );
      case 'tool':
        return seconds(rng.lognormal(1.2, 0.6) + (line.text.length + line.args.length) / 320);
    }
  };
}

function seconds(value: number): number {
  return Math.max(1, Math.round(value * 1_000_000));
}
