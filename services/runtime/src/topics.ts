// The topics of the house: the list in infra/kafka/topics.yaml, and how they come to be.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseCommentedJson } from './commented-json.js';
import type { LogAdmin, TopicSpec } from './contract.js';

const topicFile = z.array(
  z.strictObject({
    name: z.string().regex(/^[a-zA-Z0-9._-]{1,200}$/),
    partitions: z.int().min(1),
    config: z.record(z.string(), z.string()),
  }),
);

/** The list as the repository ships it. */
export function readTopics(
  path = fileURLToPath(new URL('../../../infra/kafka/topics.yaml', import.meta.url)),
): TopicSpec[] {
  return parseTopics(readFileSync(path, 'utf8'));
}

/** JSON (which is YAML), with lines of comment that begin with #. Throws where it is no list of topics. */
export function parseTopics(text: string): TopicSpec[] {
  return topicFile.parse(parseCommentedJson(text));
}

/** The topic that a changelog is of; it has as many partitions, also where that one has grown. */
const sourceOf = (name: string): string | undefined => /^[^.]+\.(.+)\.changelog$/.exec(name)?.[1];

/** What was done, and what is other than the list says (one sentence each) and was left so. */
export interface TopicsReport {
  readonly created: readonly string[];
  readonly differences: readonly string[];
}

/** Makes the topics that are missing. Adds only: what is there is compared, reported and left alone. */
export async function ensureTopics(admin: LogAdmin, wanted: readonly TopicSpec[]): Promise<TopicsReport> {
  const there = await admin.topics();
  const created = wanted
    .filter(({ name }) => !there.has(name))
    .map((spec) => ({ ...spec, partitions: there.get(sourceOf(spec.name) ?? '') ?? spec.partitions }));
  await admin.createTopics(created);
  const differences: string[] = [];
  for (const spec of wanted) {
    const partitions = there.get(spec.name);
    if (partitions === undefined) continue;
    if (partitions !== spec.partitions)
      differences.push(`${spec.name} has ${partitions} partitions, and the list says ${spec.partitions}.`);
    const config = (await admin.topicConfig(spec.name)) ?? {};
    for (const [key, value] of Object.entries(spec.config)) {
      if (config[key] !== value)
        differences.push(`${spec.name} has ${key}=${config[key] ?? '(unset)'}, and the list says ${value}.`);
    }
  }
  return { created: created.map(({ name }) => name), differences };
}
