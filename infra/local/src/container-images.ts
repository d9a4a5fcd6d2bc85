// The images of Kafka and ClickHouse that tests start.

/** By name and tag, as an engine takes them. */
export interface ContainerImages {
  readonly kafka: string;
  readonly clickhouse: string;
}

/** KAFKA_IMAGE and CLICKHOUSE_IMAGE; the defaults are those of infra/compose.yaml. */
export function containerImages(env: NodeJS.ProcessEnv): ContainerImages {
  return {
    kafka: env['KAFKA_IMAGE'] ?? 'apache/kafka:4.3.1',
    clickhouse: env['CLICKHOUSE_IMAGE'] ?? 'clickhouse/clickhouse-server:26.8',
  };
}
