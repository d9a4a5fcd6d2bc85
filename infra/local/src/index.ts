// Kafka and ClickHouse on this machine without Docker.
export { ensureClickHouse, type RunningClickHouse } from './clickhouse.js';
export { ensureKafka, type RunningKafka } from './kafka.js';
export type { Log } from './daemon.js';
