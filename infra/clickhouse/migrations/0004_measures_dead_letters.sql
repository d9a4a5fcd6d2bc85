-- What the meter counted, and what could not be used.

CREATE TABLE IF NOT EXISTS {{database}}.measures {{on_cluster}}
(
    record_kind LowCardinality(String) COMMENT 'MEASURE or MARK.',
    source_partition Int32 COMMENT 'Partition of agent.events.' CODEC(ZSTD(1)),
    source_partitions Int32 COMMENT 'How many partitions agent.events has.' CODEC(ZSTD(1)),
    window_start DateTime64(6, 'UTC') COMMENT 'Start of the window.' CODEC(Delta, ZSTD(1)),
    window_end DateTime64(6, 'UTC') COMMENT 'End of the window.' CODEC(Delta, ZSTD(1)),
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    agent_version LowCardinality(String) COMMENT 'Version of the agent.',
    events Int64 COMMENT 'Events counted.' CODEC(ZSTD(1)),
    late_events Int64 COMMENT 'Events of this agent that came since the last measure, too late for their window, and are in no sum.' CODEC(ZSTD(1)),
    errors Int64 COMMENT 'Events of any kind with status ERROR or TIMEOUT.' CODEC(ZSTD(1)),
    llm_calls Int64 COMMENT 'Finished model calls.' CODEC(ZSTD(1)),
    llm_errors Int64 COMMENT 'LLM calls that ended in ERROR or TIMEOUT.' CODEC(ZSTD(1)),
    tool_calls Int64 COMMENT 'Calls of tools, retrievals among them.' CODEC(ZSTD(1)),
    tool_errors Int64 COMMENT 'Tool calls that failed.' CODEC(ZSTD(1)),
    sessions Int64 COMMENT 'Sessions of which something was seen in this window.' CODEC(ZSTD(1)),
    sessions_started Int64 COMMENT 'Sessions that started.' CODEC(ZSTD(1)),
    sessions_ended Int64 COMMENT 'Sessions that ended.' CODEC(ZSTD(1)),
    input_tokens Int64 COMMENT 'Tokens read by models.' CODEC(ZSTD(1)),
    output_tokens Int64 COMMENT 'Tokens written by models.' CODEC(ZSTD(1)),
    cost_nano_usd Int64 COMMENT 'Billionths of a US dollar.' CODEC(ZSTD(1)),
    cost_usd Decimal(38, 9) ALIAS toDecimal128(cost_nano_usd, 9) / 1000000000 COMMENT 'US dollars.',
    duration_ms Int64 COMMENT 'Sum over calls that carried one.' CODEC(ZSTD(1)),
    kinds Map(String, Int64) COMMENT 'Events by kind.' CODEC(ZSTD(1)),
    statuses Map(String, Int64) COMMENT 'Events by status.' CODEC(ZSTD(1)),
    tools Map(String, Int64) COMMENT 'Tool calls by name; beyond a bound under ''(other)''.' CODEC(ZSTD(1)),
    latency_buckets Array(Int32) COMMENT 'Log-histogram of LLM calls'' latency in ms: bucket indices (histogram.ts), ascending; counts beside them.' CODEC(ZSTD(1)),
    latency_counts Array(Int64) COMMENT 'Counts beside latency_buckets.' CODEC(ZSTD(1)),
    tool_latency_buckets Array(Int32) COMMENT 'The same of tool calls.' CODEC(ZSTD(1)),
    tool_latency_counts Array(Int64) COMMENT 'Counts beside tool_latency_buckets.' CODEC(ZSTD(1)),
    first_token_buckets Array(Int32) COMMENT 'Bucket indices of a log-histogram, ascending.' CODEC(ZSTD(1)),
    first_token_counts Array(Int64) COMMENT 'Counts beside first_token_buckets.' CODEC(ZSTD(1)),
    call_tokens_buckets Array(Int32) COMMENT 'Tokens per LLM call.' CODEC(ZSTD(1)),
    call_tokens_counts Array(Int64) COMMENT 'Counts beside call_tokens_buckets.' CODEC(ZSTD(1)),
    call_cost_buckets Array(Int32) COMMENT 'Nano-dollars per LLM call.' CODEC(ZSTD(1)),
    call_cost_counts Array(Int64) COMMENT 'Counts beside call_cost_buckets.' CODEC(ZSTD(1)),
    session_tokens_buckets Array(Int32) COMMENT 'Tokens per session that closed in this window.' CODEC(ZSTD(1)),
    session_tokens_counts Array(Int64) COMMENT 'Counts beside session_tokens_buckets.' CODEC(ZSTD(1)),
    session_cost_buckets Array(Int32) COMMENT 'Bucket indices of a log-histogram, ascending.' CODEC(ZSTD(1)),
    session_cost_counts Array(Int64) COMMENT 'Counts beside session_cost_buckets.' CODEC(ZSTD(1)),
    session_calls_buckets Array(Int32) COMMENT 'Calls (LLM and tool) per session that closed in this window.' CODEC(ZSTD(1)),
    session_calls_counts Array(Int64) COMMENT 'Counts beside session_calls_buckets.' CODEC(ZSTD(1)),
    log_id LowCardinality(String) COMMENT 'One life of the topic: cluster id and epoch.',
    kafka_partition Int32 COMMENT 'Where the record lies.' CODEC(ZSTD(1)),
    kafka_offset Int64 COMMENT 'Where the record lies.' CODEC(Delta, ZSTD(1)),
    kafka_timestamp DateTime64(3, 'UTC') COMMENT 'When the broker appended it.' CODEC(Delta, ZSTD(1)),
    landed_at DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When the row was stored.' CODEC(Delta, ZSTD(1)),
    INDEX by_offset kafka_offset TYPE minmax GRANULARITY 1
)
ENGINE = {{MergeTree}}
PARTITION BY toDate(kafka_timestamp)
ORDER BY (tenant_id, agent_id, window_start, source_partition)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'One row per record of agent.measures: what one partition saw of one agent in one window, or a mark.';

CREATE TABLE IF NOT EXISTS {{database}}.dead_letters {{on_cluster}}
(
    service LowCardinality(String) COMMENT 'The role that refused the record.',
    reason LowCardinality(String) COMMENT 'not_confluent, unknown_schema, undecodable, trailing_bytes, ...',
    error String COMMENT 'The sentence for a person.' CODEC(ZSTD(1)),
    topic LowCardinality(String) COMMENT 'Topic of the refused record.',
    source_partition Int32 COMMENT 'Of the record that failed, in the topic named beside it.' CODEC(ZSTD(1)),
    source_offset Int64 COMMENT 'Offset of the refused record.' CODEC(ZSTD(1)),
    source_timestamp DateTime64(3, 'UTC') COMMENT 'When the broker appended the refused record.' CODEC(Delta, ZSTD(1)),
    source_log_id String COMMENT 'Life of that topic.' CODEC(ZSTD(1)),
    schema_id Int32 COMMENT 'Schema id in the record; -1: none.' CODEC(ZSTD(1)),
    record_key String COMMENT 'Key of the record.' CODEC(ZSTD(1)),
    payload String COMMENT 'The first 256 kB of the value.' CODEC(ZSTD(1)),
    payload_bytes Int64 COMMENT 'Length of the whole value.' CODEC(ZSTD(1)),
    payload_sha256 String COMMENT 'Of the whole value, hex.' CODEC(ZSTD(1)),
    headers Map(String, String) COMMENT 'Headers of the record.' CODEC(ZSTD(1)),
    failed_at DateTime64(6, 'UTC') COMMENT 'When it was refused.' CODEC(Delta, ZSTD(1)),
    log_id LowCardinality(String) COMMENT 'One life of the topic: cluster id and epoch.',
    kafka_partition Int32 COMMENT 'Where the record lies.' CODEC(ZSTD(1)),
    kafka_offset Int64 COMMENT 'Where the record lies.' CODEC(Delta, ZSTD(1)),
    kafka_timestamp DateTime64(3, 'UTC') COMMENT 'When the broker appended it.' CODEC(Delta, ZSTD(1)),
    landed_at DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When the row was stored.' CODEC(Delta, ZSTD(1)),
    INDEX by_offset kafka_offset TYPE minmax GRANULARITY 1
)
ENGINE = {{MergeTree}}
PARTITION BY toStartOfMonth(kafka_timestamp)
ORDER BY (topic, source_partition, source_offset)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'One row per record of agent.dead-letters; a record that was refused twice stands here twice.';
