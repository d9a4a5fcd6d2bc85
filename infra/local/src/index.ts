// Kafka and ClickHouse on this machine without Docker.
export {
  defaultDataDir,
  ensureLocalBackends,
  purge,
  status,
  stopLocalBackends,
  type LocalBackends,
  type LocalStatus,
} from './backends.js';
export { ensureClickHouse, type RunningClickHouse } from './clickhouse.js';
export type { Log } from './daemon.js';
export type { SecureListener } from './kafka-properties.js';
export { freePort } from './ports.js';
export { ensureKafka, type RunningKafka } from './kafka.js';
export { testBackends, type TestBackends } from './testing.js';
export { startRegistry, type RunningRegistry } from './registry.js';
