export { landingRole, landingSettings } from './service.js';
export { migrate, readMigrations, type Migrated, type MigrateOptions, type Migration } from './migrate.js';
export { ttlSettings, type TtlSettings } from './ttl.js';
export { openClickHouse, type ClickHouseAccess } from './clickhouse.js';
export { beginLogLife, clusterName, currentLogId } from './log-life.js';
