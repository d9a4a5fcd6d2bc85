// watchkeeper evaluate: the shipped detectors over labelled data.

import { badOption } from '../errors.js';
import { contentLevels, type ContentShown } from '../evaluate/content.js';
import { evaluateSet } from '../evaluate/evaluate-set.js';
import { judgedDetector } from '../evaluate/judged-detector.js';
import type { Question } from '../evaluate/labels.js';
import { findSets } from '../evaluate/sets.js';
import { tableOf } from '../evaluate/table.js';

export interface EvaluateFlags {
  readonly data: string;
  readonly set?: string;
  readonly json?: boolean;
  readonly content: string;
}

/** Results to stdout, what is skipped to stderr. */
export async function evaluate(what: string, flags: EvaluateFlags): Promise<void> {
  const question = questionOf(what);
  const content = contentOf(flags.content);
  const detector = judgedDetector(question, process.env);
  const results = [];
  for (const found of findSets(flags.data, question, flags.set)) {
    if (found.kind === 'skipped') {
      process.stderr.write(`The set ${found.set} is skipped: ${found.why}.\n`);
      continue;
    }
    const { figures } = await evaluateSet({ ...found, detector, content });
    results.push(figures);
    if (flags.json !== true) process.stdout.write(tableOf(figures));
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
}

function questionOf(what: string): Question {
  if (what === 'loops' || what === 'drift') return what;
  throw badOption('evaluate', what, 'loops or drift');
}

function contentOf(text: string): ContentShown {
  const content = contentLevels.find((level) => level === text);
  if (content === undefined) throw badOption('--content', text, contentLevels.join(' or '));
  return content;
}
