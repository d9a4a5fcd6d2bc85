// Labelled sessions through Kafka and the real role: the detections are those of the run in memory, id by id.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testBackends } from '@watchkeeper/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isEqual } from '../bench/compare.js';
import { evaluateSet } from '../evaluate/evaluate-set.js';
import { judgedDetector } from '../evaluate/judged-detector.js';
import { findSets } from '../evaluate/sets.js';
import { throughKafka } from '../evaluate/through-kafka.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const data = resolve(root, process.env['WATCHKEEPER_DATA'] ?? '../shared/data');

describe.skipIf(!existsSync(join(data, 'traces')))('evaluate --through-kafka (WATCHKEEPER_DATA)', () => {
  let dataDir: string;
  beforeAll(() => (dataDir = mkdtempSync(join(tmpdir(), 'watchkeeper-e2e-'))));
  afterAll(() => rmSync(dataDir, { recursive: true }));

  it.each([
    ['loops', 'magentic', 10],
    ['drift', 'tau', 0],
  ] as const)('tells of %s in %s what the run in memory tells', async (question, name, least) => {
    const [found] = findSets(data, question, name);
    if (found?.kind !== 'found') throw new Error(`${name} is not there`);
    const detector = judgedDetector(question, {});
    const set = await evaluateSet({ ...found, detector, content: 'full' });
    const { brokers } = await testBackends();
    const env = { ...process.env, KAFKA_BROKERS: brokers };
    const runs = await throughKafka({ role: detector.id, sets: [set], dataDir, env, say: () => undefined });
    const { comparison, detections } = runs.get(name)!;
    expect(comparison).toSatisfy(isEqual);
    expect(detections).toEqual(set.figures.detections);
    expect(comparison.found).toBeGreaterThanOrEqual(least);
  });
});
