-- A user for each role that comes to ClickHouse, and what it may do, no more: run once as an administrator, with passwords of your own.
-- The reader is in reader.sql (or users.d/reader.xml). On a cluster add ON CLUSTER to each statement.

-- `watchkeeper migrate`, before the roles of a new version start; landing then runs with LANDING_MIGRATE=false.
CREATE USER IF NOT EXISTS watchkeeper_migrate IDENTIFIED WITH sha256_password BY '{{migrate_password}}';
GRANT CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, ALTER, SELECT, INSERT, SHOW ON {{database}}.* TO watchkeeper_migrate;
GRANT SELECT ON system.tables TO watchkeeper_migrate;
GRANT SELECT ON system.columns TO watchkeeper_migrate;

-- Landing: rows in, and a look at what is there. FROM input() counts as a temporary table. It can neither change nor drop a table.
CREATE USER IF NOT EXISTS watchkeeper_landing IDENTIFIED WITH sha256_password BY '{{landing_password}}';
GRANT SELECT, INSERT, SHOW ON {{database}}.* TO watchkeeper_landing;
GRANT CREATE TEMPORARY TABLE ON *.* TO watchkeeper_landing;
-- What an interrupted block has left: windows and views of its tables, and whether an insert of it is still at work.
GRANT SELECT ON system.tables TO watchkeeper_landing;
GRANT SELECT ON system.columns TO watchkeeper_landing;
GRANT SELECT ON system.processes TO watchkeeper_landing;

-- The scheduler's audits read.
CREATE USER IF NOT EXISTS watchkeeper_scheduler IDENTIFIED WITH sha256_password BY '{{scheduler_password}}';
GRANT SELECT ON {{database}}.* TO watchkeeper_scheduler;
