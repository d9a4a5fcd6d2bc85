// Kafka and ClickHouse on this machine without Docker.
export { ensureKafka, type RunningKafka } from './kafka.js';
export type { Log } from './daemon.js';
