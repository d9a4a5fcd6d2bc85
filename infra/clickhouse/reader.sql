-- The read-only way in, for a ClickHouse whose files are not yours: run once as an administrator, with a password of your own.
-- The same limits as users.d/reader.xml. 0 and less than the least mean "no limit" to ClickHouse, hence MIN.

CREATE SETTINGS PROFILE IF NOT EXISTS watchkeeper_reader SETTINGS
    readonly = 2,
    allow_ddl = 0 CONST,
    max_execution_time = 30 MIN 1 MAX 30,
    max_memory_usage = 2147483648 MIN 1 MAX 2147483648,
    max_memory_usage_for_user = 4294967296 CONST,
    max_rows_to_read = 1000000000 MIN 1 MAX 1000000000,
    max_result_rows = 1000000 MIN 1 MAX 1000000,
    max_result_bytes = 268435456 MIN 1 MAX 268435456,
    max_threads = 2 MIN 1 MAX 2;

CREATE QUOTA IF NOT EXISTS watchkeeper_reader FOR INTERVAL 1 hour MAX queries = 2000, read_rows = 20000000000, execution_time = 1800;

CREATE USER IF NOT EXISTS reader IDENTIFIED WITH sha256_password BY '{{password}}' SETTINGS PROFILE 'watchkeeper_reader';

GRANT SELECT, SHOW ON {{database_text}}.* TO reader;

ALTER QUOTA watchkeeper_reader TO reader;
