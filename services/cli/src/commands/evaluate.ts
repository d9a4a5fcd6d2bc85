// watchkeeper evaluate: the shipped detectors over labelled data.

import { writeFileSync } from 'node:fs';
import { badOption } from '../errors.js';
import { contentLevels, type ContentShown } from '../evaluate/content.js';
import { evaluateSet, type EvaluatedSet } from '../evaluate/evaluate-set.js';
import { judgedDetector } from '../evaluate/judged-detector.js';
import type { Question } from '../evaluate/labels.js';
import { reportPage } from '../evaluate/report/page.js';
import { findSets } from '../evaluate/sets.js';
import { tableOf } from '../evaluate/table.js';

export interface EvaluateFlags {
  readonly data: string;
  readonly set?: string;
  readonly json?: boolean;
  readonly content: string;
  readonly report?: string;
}

/** Results to stdout, what is skipped to stderr. */
export async function evaluate(what: string, flags: EvaluateFlags): Promise<void> {
  const question = questionOf(what);
  const content = contentOf(flags.content);
  const detector = judgedDetector(question, process.env);
  const sets: EvaluatedSet[] = [];
  for (const found of findSets(flags.data, question, flags.set)) {
    if (found.kind === 'skipped') {
      say(`The set ${found.set} is skipped: ${found.why}.`);
      continue;
    }
    const set = await evaluateSet({ ...found, detector, content });
    sets.push(set);
    if (set.absent > 0) say(`${set.absent} labelled sessions of ${found.file.set} have no events: left out.`);
    if (flags.json !== true) process.stdout.write(tableOf(set.figures));
  }
  if (flags.json === true)
    process.stdout.write(
      `${JSON.stringify(
        sets.map(({ figures }) => figures),
        null,
        2,
      )}\n`,
    );
  if (flags.report !== undefined) {
    writeFileSync(flags.report, await reportPage(question, sets));
    say(`The report is in ${flags.report}.`);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
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
