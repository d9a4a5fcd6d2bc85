// One sentence for a person: what repeats, how often, since when, and why that is no progress.

import type { Episode, LoopKind } from './episode.js';

/** E.g. "Repeats search_flights with the same arguments and the same result: 5 rounds of period 1 since event 12; nothing new was learnt." */
export function explain(kind: LoopKind, episode: Episode): string {
  switch (kind) {
    case 'repeat':
      return `Repeats ${what(episode)} ${how(episode)}: ${episode.rounds} rounds of period ${episode.period} since event ${episode.first.seq}; ${news(episode)}.`;
    case 'instruction':
      return `Gives ${plain(episode.tools[0] ?? 'a tool')} the same instruction in other words, with much the same result: ${episode.rounds} times since event ${episode.first.seq}; ${news(episode)}.`;
    case 'chant':
      return `Writes the same words over and over since event ${episode.first.seq}: only ${percent(1 - episode.score)} of the last 4-word runs say something not said in the same text.`;
  }
}

function what(episode: Episode): string {
  const tools = episode.tools.map(plain);
  if (episode.period === 1 || tools.length === 0) return tools.at(-1) ?? 'a step';
  if (tools.length === 1) return `${episode.period} steps of ${tools[0] ?? ''}`;
  return `${episode.period} steps (${tools.join(', ')})`;
}

function how(episode: Episode): string {
  const result = episode.failed ? 'the same error' : 'the same result';
  switch (episode.likeness) {
    case 'exact':
      return episode.failed || episode.novelty === 0
        ? `with the same arguments and ${result}`
        : 'with the same arguments and a result that says what was known';
    case 'reworded':
      return 'with nearly the same arguments and a result that says what was known';
    case 'same_result':
    case 'none':
      return `with changed arguments that change nothing, and ${result}`;
  }
}

function news(episode: Episode): string {
  if (episode.novelty === 0) return 'nothing new was learnt';
  return `${percent(episode.novelty)} of the last result was new`;
}

const percent = (share: number): string => `${Math.round(100 * Math.min(1, Math.max(0, share)))} %`;

/** Tool names come from outside: no control characters in a sentence. */
const plain = (name: string): string => name.replace(/\p{Cc}+/gu, ' ');
