export { landingRole, landingSettings } from './service.js';
export { migrate, readMigrations, type Migrated, type MigrateOptions, type Migration } from './migrate.js';
export { ttlSettings, type TtlSettings } from './ttl.js';
export { openClickHouse, type ClickHouseAccess } from './clickhouse.js';
export { beginTopicLife, clusterName, topicLives, type LifeOptions, type TopicLife } from './log-life.js';
export { recordNameOf } from './land.js';
export { recordSorter } from './rows.js';
export { TARGETS } from './targets.js';
