// The sentence for a person, and the evidence behind it.

import type { DriftView } from './view.js';
import type { Finding } from './episode.js';
import type { CallReading } from './signals/call.js';
import type { DepartureReading } from './signals/departure.js';
import type { PreferenceReading } from './signals/preference.js';
import type { HijackReading } from './signals/hijack.js';
import { round, weighed } from './signals/weights.js';
import { oneLine } from './text/one-line.js';

/** What the agent does now, for a sentence: the tool and the beginning of its arguments where they may be shown. */
export function describeCall(event: DriftView, tool: string): string {
  const mayQuote = event.content_level === 'FULL' && event.input !== '' && event.input !== '{}';
  return mayQuote ? `${tool} ${oneLine(event.input, 70)}` : tool;
}

/** A hijack, as of the call that carries it out. */
export function hijackFinding(event: DriftView, call: CallReading, reading: HijackReading, threshold: number): Finding {
  const { passage, literal, probability, signals } = reading;
  const mayQuote = event.content_level === 'FULL';
  const what = mayQuote && literal.text !== '' ? `"${literal.text}"` : 'a target';
  const from = passage ? `the output of ${passage.tool} at step ${passage.seq}` : "an earlier tool's output";
  const excerpt = passage ? oneLine(passage.excerpt, 160) : '';
  const quote = excerpt === '' ? '' : `, which says: "${excerpt}"`;
  return {
    severity: 'CRITICAL',
    score: round(probability),
    threshold,
    confidence: round(probability),
    explanation:
      `At step ${event.seq} the agent calls ${call.tool} with ${what} that neither its goal nor the user named; ` +
      `it comes from ${from}${quote}.`,
    evidence: JSON.stringify({
      signals: weighed(signals),
      fromSeq: passage?.seq ?? null,
      towards: describeCall(event, call.tool),
      ...(excerpt === '' ? {} : { passage: excerpt }),
      literals: mayQuote && literal.text !== '' ? [literal.text] : [],
    }),
  };
}

/** What a departure or a slide of subject is judged by. */
export interface DepartureEvidence {
  readonly sinceSeq: number;
  readonly steps: number;
  readonly goal: string;
  readonly towards: readonly string[];
  readonly toolShift: number;
  readonly newTool: boolean;
}

/** A departure or slide, as of its last off-goal call. */
export function departureFinding(reading: DepartureReading, evidence: DepartureEvidence, threshold: number): Finding {
  const { sinceSeq, steps, goal, towards, toolShift } = evidence;
  const what =
    reading.silentWords > 0
      ? `${reading.silentWords} of its words that kept coming up no longer do, over ${steps} calls`
      : `${steps} calls share hardly a word with it`;
  const how = reading.slow ? 'slid away little by little' : 'turned away';
  const named = goal === '' ? 'its goal' : `its goal "${goal}"`;
  const signals = [
    { name: 'distanceFromGoal', value: round(reading.distance), weight: 0.8 },
    { name: 'newTools', value: evidence.newTool ? 1 : 0, weight: 0.3 },
    { name: 'toolMixShift', value: round(toolShift), weight: 0 },
  ];
  return {
    severity: 'WARNING',
    score: round(reading.sum),
    threshold,
    confidence: round(Math.min(0.99, 1 - Math.exp(-reading.sum / threshold))),
    explanation:
      `Since step ${sinceSeq} the session has ${how} from ${named}: ${what}` +
      `${toolShift > 0.3 ? ' and use other tools than its beginning' : ''}; the last ones were ${towards.join('; ')}.`,
    evidence: JSON.stringify({
      signals,
      fromSeq: sinceSeq,
      towards: towards[towards.length - 1] ?? '',
      steps,
      literals: [],
    }),
  };
}

/** A slide of preference, as of the last choice of a period. */
export function slideFinding(reading: PreferenceReading, sinceSeq: number, goal: string, threshold: number): Finding {
  const { left, towards, towardsRank, sum, step } = reading;
  const percent = (rank: number): string => `${Math.round(rank * 100)} %`;
  const instead = towards === '' ? '' : `; by "${towards}" they stand at ${percent(towardsRank)}`;
  const before = left.before === undefined ? '' : ` (${percent(left.before)} in the beginning)`;
  return {
    severity: 'WARNING',
    score: round(sum),
    threshold,
    confidence: round(Math.min(0.99, 1 - Math.exp((-2 * sum) / threshold))),
    explanation:
      `Since step ${sinceSeq} what the session chooses does not serve ${goal === '' ? 'its goal' : `its goal "${goal}"`}: ` +
      `${left.wantsMore ? 'much' : 'little'} of "${left.label}" is wanted, and the chosen options stand at rank ${percent(left.now)} ` +
      `of those on offer${before}, 0 % being the lowest${instead}.`,
    evidence: JSON.stringify({
      signals: [
        { name: 'regret', value: round(step), weight: 1 },
        { name: 'rankBefore', value: round(left.before ?? left.now), weight: 0 },
        { name: 'rankNow', value: round(left.now), weight: 0 },
      ],
      fromSeq: sinceSeq,
      towards,
      literals: [],
    }),
  };
}
