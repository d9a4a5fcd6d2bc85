// What an anomaly has cost beyond the usual, by estimate: middles of logs stand for means, so it is rather too low than too high.

import type { Episode } from './episode.js';
import type { LevelMetric } from './options.js';

export interface Waste {
  readonly tokens: number;
  readonly costNanoUsd: number;
  readonly durationMs: number;
}

/** `usualOf` gives the usual value of another metric when the episode began, 0 where none is known. */
export function wasteOf(
  metric: LevelMetric | 'errors',
  episode: Episode,
  ratio: number,
  usualOf: (metric: LevelMetric) => number,
): Waste {
  const { run, usual } = episode;
  const none: Waste = { tokens: 0, costNanoUsd: 0, durationMs: 0 };
  const extra = run.count * usual * Math.max(0, ratio - 1);
  switch (metric) {
    case 'latency':
    case 'tool_latency':
      return { ...none, durationMs: extra };
    // A part of latency, told there.
    case 'time_to_first_token':
      return none;
    case 'tokens':
      return { ...none, tokens: extra };
    case 'cost':
      return { ...none, costNanoUsd: extra };
    case 'session_calls':
      return callsWaste(extra, usualOf);
    case 'errors':
      return callsWaste(Math.max(0, run.rawSum - run.count * usual), usualOf);
  }
}

/** So many calls for nothing, each as a usual LLM call. */
function callsWaste(calls: number, usualOf: (metric: LevelMetric) => number): Waste {
  return {
    tokens: calls * usualOf('tokens'),
    costNanoUsd: calls * usualOf('cost'),
    durationMs: calls * usualOf('latency'),
  };
}
