// Migrations as files hold them, turned into statements for one server or for a cluster.

/** What a migration's placeholders stand for. */
export interface RenderOptions {
  readonly database: string;
  /** Name of a ClickHouse cluster; undefined: one server. */
  readonly cluster: string | undefined;
}

// Counted in blocks, not in time: four hours of blocks at seven a second.
const DEDUP_BLOCKS = 100_000;

/**
 * The statements of a migration, in order. Placeholders: {{database}}, {{on_cluster}}, {{cluster}}, {{all}} (the suffix of the
 * tables that reach every shard), {{dedup_window}} and {{…MergeTree}}; a statement marked --@cluster is for clusters alone.
 * Throws on a placeholder that is not known.
 */
export function renderMigration(text: string, options: RenderOptions): string[] {
  const { database, cluster } = options;
  return text
    .split(/;[ \t]*(?:\n|$)/)
    .filter((statement) => /^(?!\s*(--|$))/m.test(statement))
    .filter((statement) => cluster !== undefined || !/^--@cluster$/m.test(statement))
    .map((statement) =>
      statement.trim().replace(/\{\{([^}]+)\}\}/g, (_, name: string) => {
        if (name === 'database') return `\`${database}\``;
        if (name === 'database_text') return database;
        if (name === 'cluster') return cluster ?? '';
        if (name === 'on_cluster') return cluster === undefined ? '' : `ON CLUSTER '${cluster}'`;
        if (name === 'all') return cluster === undefined ? '' : '_all';
        if (name === 'dedup_window') return dedupWindow(cluster);
        if (/^\w*MergeTree(\(\w+\))?$/.test(name)) return cluster === undefined ? name : `Replicated${name}`;
        throw new TypeError(`A migration names {{${name}}}, which nothing stands for.`);
      }),
    );
}

/** The setting that keeps tokens; replicas also forget by time, which is put out of reach. */
export function dedupWindow(cluster: string | undefined): string {
  return cluster === undefined
    ? `non_replicated_deduplication_window = ${DEDUP_BLOCKS}`
    : `replicated_deduplication_window = ${DEDUP_BLOCKS}, replicated_deduplication_window_seconds = 31536000`;
}
