// What plants are made of: sessions of the data folder that are known not to loop, and texts taken from them.

import { join } from 'node:path';
import { findTraces, readTrace, type TraceLine } from '../../replay/index.js';
import { readLabels } from '../label-file.js';
import type { Label } from '../labels.js';
import { objectOf } from './mutate.js';

export type ToolLine = Extract<TraceLine, { kind: 'tool' }>;

/** A session's lines in order. */
export type Lines = readonly TraceLine[];

export interface Material {
  /** Per set that has any: sessions with tool calls that did not loop, as far as its labels tell. */
  readonly hosts: readonly (readonly Lines[])[];
  /** Of those, the ones that succeeded or are labelled as progressing, and never make a call twice. */
  readonly clean: readonly (readonly Lines[])[];
  /** Distinct results of some length. */
  readonly results: readonly string[];
  /** What agents said to users. */
  readonly chatter: readonly string[];
  /** By tool: calls that differ in arguments and results. */
  readonly callsOf: ReadonlyMap<string, readonly ToolLine[]>;
}

/** Sets whose labels tell nothing of success or loops give none. Throws the errors of reading traces and labels. */
export async function readMaterial(tracesFolder: string): Promise<Material> {
  const hosts: Lines[][] = [];
  const clean: Lines[][] = [];
  for (const file of findTraces(tracesFolder)) {
    const labels = readLabels(join(tracesFolder, file.set, 'labels.jsonl')) ?? [];
    const wanted = new Map(labels.filter(isHost).map((label) => [label.session, label]));
    if (wanted.size === 0) continue;
    const sessions = new Map<string, TraceLine[]>();
    for await (const line of readTrace(file)) {
      if (!wanted.has(line.session)) continue;
      const lines = sessions.get(line.session) ?? [];
      lines.push(line);
      sessions.set(line.session, lines);
    }
    hosts.push([...sessions.values()].filter((lines) => lines.some(isTool)));
    const good = [...sessions].filter(([session, lines]) => isGood(wanted.get(session)) && !repeats(lines));
    clean.push(good.map(([, lines]) => lines));
  }
  const all = hosts.flat(2);
  return {
    hosts: hosts.filter((set) => set.length > 0),
    clean: clean.filter((set) => set.length > 0),
    results: [...new Set(all.flatMap((line) => (isTool(line) && line.output.length > 200 ? [line.output] : [])))],
    chatter: all.flatMap((line) =>
      line.kind === 'message' && line.actor === 'agent' && line.text !== '' ? [line.text] : [],
    ),
    callsOf: distinctCalls(all.filter(isTool)),
  };
}

export function isTool(line: TraceLine): line is ToolLine {
  return line.kind === 'tool';
}

export function callKey({ tool, args }: ToolLine): string {
  return JSON.stringify([tool, args]);
}

function isHost(label: Label): boolean {
  return label['looping'] === false || typeof label['success'] === 'boolean';
}

function isGood(label: Label | undefined): boolean {
  return label?.['looping'] === false || label?.['success'] === true;
}

function repeats(lines: Lines): boolean {
  const calls = lines.filter(isTool).map(callKey);
  return new Set(calls).size < calls.length;
}

/** Whether a call's arguments are one free text, as when a supervisor tells a worker what to do. */
export function isInstruction({ args }: ToolLine): boolean {
  const values = Object.values(objectOf(args));
  return values.length === 1 && typeof values[0] === 'string' && values[0].split(/\s+/).length >= 4;
}

/** Batches over items are made of these: no two have the same arguments, nor results that begin alike. */
function distinctCalls(calls: readonly ToolLine[]): Map<string, ToolLine[]> {
  const seen = new Set<string>();
  const byTool = new Map<string, ToolLine[]>();
  for (const call of calls) {
    const result = JSON.stringify([call.tool, '=>', call.output.slice(0, 300)]);
    if (seen.has(callKey(call)) || seen.has(result)) continue;
    seen.add(callKey(call)).add(result);
    const own = byTool.get(call.tool) ?? [];
    own.push(call);
    byTool.set(call.tool, own);
  }
  return byTool;
}
