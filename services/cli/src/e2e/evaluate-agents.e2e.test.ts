// A simulated fleet through Kafka, meter and anomaly detector: what is told of its agents is what the run in memory tells, id by id.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testBackends } from '@watchkeeper/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isEqual } from '../bench/compare.js';
import { TIMES_END_MS } from '../evaluate/evaluate-set.js';
import { agentsThroughKafka } from '../evaluate/agents/agents-through-kafka.js';
import { history } from '../simulate/index.js';

describe('evaluate anomalies --through-kafka', () => {
  let dataDir: string;
  beforeAll(() => (dataDir = mkdtempSync(join(tmpdir(), 'watchkeeper-e2e-'))));
  afterAll(() => rmSync(dataDir, { recursive: true }));

  it('tells of agents what the run in memory tells', async () => {
    const { brokers } = await testBackends();
    const env = { ...process.env, KAFKA_BROKERS: brokers };
    const fleet = history({ seed: 5, agents: 12, hours: 48, events: 18_000, endMicros: TIMES_END_MS * 1000 });
    const run = await agentsThroughKafka({ env, dataDir, say: () => undefined }, fleet);
    expect(run.comparison).toSatisfy(isEqual);
    expect(run.comparison.found).toBeGreaterThanOrEqual(10);
    expect(run.positives).toBeGreaterThanOrEqual(10);
    expect(run.recall).toBeGreaterThanOrEqual(0.7);
  });
});
