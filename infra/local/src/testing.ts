// Real backends for integration tests: given ones, or one local pair that all test files share.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ensureClickHouse } from './clickhouse.js';
import { ensureKafka } from './kafka.js';

/** Where a test finds its backends, and names nobody else uses. */
export interface TestBackends {
  /** As KAFKA_BROKERS. */
  readonly brokers: string;
  readonly clickhouseUrl: string;
  /** Begins every topic, group and transactional id of this test. */
  readonly topicPrefix: string;
  /** Not yet created. */
  readonly database: string;
}

const sharedFolder = fileURLToPath(new URL('../../../.watchkeeper/test', import.meta.url));

/**
 * KAFKA_BROKERS and CLICKHOUSE_URL where set, else the local pair in WATCHKEEPER_TEST_DIR or the repository's `.watchkeeper/test`.
 *
 * The local pair goes on running afterwards: the next run of tests finds it again. With WATCHKEEPER_TEST_BACKENDS=containers
 * the run's set-up (containers.setup.ts) has started containers and names them in the same two variables.
 *
 * @throws as ensureKafka and ensureClickHouse.
 */
export async function testBackends(): Promise<TestBackends> {
  const dataDir = process.env['WATCHKEEPER_TEST_DIR'] ?? sharedFolder;
  const [brokers, clickhouseUrl] = await Promise.all([
    process.env['KAFKA_BROKERS'] ?? ensureKafka({ dataDir }).then((kafka) => kafka.brokers),
    process.env['CLICKHOUSE_URL'] ?? ensureClickHouse({ dataDir }).then((clickhouse) => clickhouse.url),
  ]);
  const unique = `t${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
  return { brokers, clickhouseUrl, topicPrefix: `${unique}.`, database: `test_${unique}` };
}
