// Reads labels.jsonl; a malformed line stops with file and line.

import { existsSync, readFileSync } from 'node:fs';
import { labelMalformed } from '../errors.js';
import type { Label } from './labels.js';

/** The labels of a set, in file order; undefined where there is no such file. Throws WK_LABEL_MALFORMED. */
export function readLabels(path: string): Label[] | undefined {
  if (!existsSync(path)) return undefined;
  const seen = new Set<string>();
  const labels: Label[] = [];
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    const label = parse(line);
    if (typeof label === 'string') throw labelMalformed(path, index + 1, label);
    if (seen.has(label.session))
      throw labelMalformed(path, index + 1, `session '${label.session}' has a label already`);
    seen.add(label.session);
    labels.push(label);
  }
  return labels;
}

/** The label, or what is wrong with the line. */
function parse(line: string): Label | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return error instanceof Error ? error.message : 'it is no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no JSON object';
  const { session } = value as { readonly session?: unknown };
  if (typeof session !== 'string' || session === '') return "'session' must be a text";
  return { ...value, session };
}
