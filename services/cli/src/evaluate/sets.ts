// Which sets a data folder holds, and what there is to judge in each.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findTraces, type TraceFile } from '../replay/index.js';
import { readLabels } from './label-file.js';
import { truthsOf, type Question, type Truths } from './labels.js';

export type FoundSet =
  | { readonly kind: 'found'; readonly file: TraceFile; readonly truths: Exclude<Truths, { kind: 'none' }> }
  /** Named and skipped, with the reason as the end of a sentence. */
  | { readonly kind: 'skipped'; readonly set: string; readonly why: string };

/** The sets in `dataDir`/traces, or the named one, by name. Throws WK_LABEL_MALFORMED. */
export function findSets(dataDir: string, question: Question, only?: string): FoundSet[] {
  const traces = join(dataDir, 'traces');
  if (only !== undefined) return [findSet(traces, only, question)];
  if (!existsSync(traces)) return [{ kind: 'skipped', set: 'traces', why: `${traces} is absent` }];
  return readdirSync(traces, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((set) => findSet(traces, set, question));
}

function findSet(traces: string, set: string, question: Question): FoundSet {
  const folder = join(traces, set);
  if (!existsSync(folder)) return { kind: 'skipped', set, why: `${folder} is absent` };
  const labels = readLabels(join(folder, 'labels.jsonl'));
  if (labels === undefined) return { kind: 'skipped', set, why: 'it has no labels.jsonl' };
  const truths = truthsOf(labels, question);
  if (truths.kind === 'none') return { kind: 'skipped', set, why: `its labels say nothing of ${question}` };
  const [file] = findTraces(folder);
  return file === undefined ? { kind: 'skipped', set, why: 'it has no traces' } : { kind: 'found', file, truths };
}
