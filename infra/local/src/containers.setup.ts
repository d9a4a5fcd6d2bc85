// With WATCHKEEPER_TEST_BACKENDS=containers, a run of integration tests has its backends in containers, one pair for all files.
import type { TestProject } from 'vitest/node';
import { containerImages } from './container-images.js';
import { startContainers } from './containers.js';

/** vitest's global set-up: `testBackends()` finds the containers as given backends. Returns what removes them. */
export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env['WATCHKEEPER_TEST_BACKENDS'] !== 'containers') return undefined;
  const { brokers, clickhouseUrl, stop } = await startContainers(containerImages(process.env));
  // Each test file takes its environment from here: those processes were given theirs before this ran.
  project.config.env = { ...project.config.env, KAFKA_BROKERS: brokers, CLICKHOUSE_URL: clickhouseUrl };
  return stop;
}
