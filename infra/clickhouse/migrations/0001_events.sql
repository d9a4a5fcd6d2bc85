-- Events: one row per record of agent.events, append-only, exactly as the agent said it.
-- Partitions follow the log's own time (LogAppendTime): the dedup key includes the partition, and an event that claims
-- to be of 1970 must not open one or expire at the first merge.

CREATE TABLE IF NOT EXISTS {{database}}.events {{on_cluster}}
(
    tenant_id              LowCardinality(String) COMMENT 'Whose fleet this is.',
    agent_id               LowCardinality(String) COMMENT 'The agent, stable over sessions and versions.',
    agent_version          LowCardinality(String) COMMENT 'Version of the agent.',
    session_id             String COMMENT 'One run of an agent towards a goal.' CODEC(ZSTD(1)),
    seq                    Int64 COMMENT 'Position within the session, counted by the emitter; gaps are allowed.' CODEC(Delta, ZSTD(1)),
    event_id               String COMMENT 'Unique id made by the emitter; the same id in two rows is a repeated send.' CODEC(ZSTD(1)),
    trace_id               String COMMENT 'OpenTelemetry trace.' CODEC(ZSTD(1)),
    span_id                String COMMENT 'OpenTelemetry span.' CODEC(ZSTD(1)),
    parent_span_id         String COMMENT 'OpenTelemetry parent span.' CODEC(ZSTD(1)),
    occurred_at            DateTime64(6, 'UTC') COMMENT 'When it happened by the agent''s clock; beyond 1970 to 2105 the nearest of both.' CODEC(Delta, ZSTD(1)),
    occurred_at_raw        Nullable(Int64) COMMENT 'Microseconds as sent, where occurred_at cannot hold them; else NULL.' CODEC(ZSTD(1)),
    kind                   LowCardinality(String) COMMENT 'SESSION_STARTED, GOAL_SET, PLAN, REASONING, WORKFLOW, TASK, LLM_CALL, TOOL_CALL, RETRIEVAL, MEMORY, HANDOFF, MESSAGE, GUARDRAIL, EVALUATION, FEEDBACK, HEARTBEAT, SESSION_ENDED or UNKNOWN.',
    phase                  LowCardinality(String) COMMENT 'POINT, START or END.',
    actor                  LowCardinality(String) COMMENT 'AGENT, USER, TOOL or SYSTEM.',
    role                   LowCardinality(String) COMMENT 'The agent''s part in a team: worker, supervisor, ...',
    recipient              String COMMENT 'Whom a hand-off or a message is for.' CODEC(ZSTD(1)),
    name                   LowCardinality(String) COMMENT 'The tool, model, task, guardrail or evaluation.',
    status                 LowCardinality(String) COMMENT 'UNSET, OK, ERROR, TIMEOUT or CANCELLED.',
    error_type             LowCardinality(String) COMMENT 'Class of the error.',
    error_message          String COMMENT 'What the error said.' CODEC(ZSTD(1)),
    input                  String COMMENT 'Arguments of a call (JSON), prompt, or the text of a message.' CODEC(ZSTD(1)),
    output                 String COMMENT 'Result of a call, completion.' CODEC(ZSTD(1)),
    input_fingerprint      FixedString(16) COMMENT '8 bytes exact hash, 8 bytes simhash of the canonical input; zeros: none.' CODEC(ZSTD(1)),
    output_fingerprint     FixedString(16) COMMENT 'The same of the output.' CODEC(ZSTD(1)),
    input_sketch           String COMMENT 'Bottom-k of tenant-keyed token hashes, 4 bytes each.' CODEC(ZSTD(1)),
    output_sketch          String COMMENT 'The same of the output.' CODEC(ZSTD(1)),
    content_level          LowCardinality(String) COMMENT 'NONE, HASHED, REDACTED or FULL.',
    truncated              Bool COMMENT 'input or output was cut at the emitter''s limit.',
    duration_ms            Nullable(Int64) COMMENT 'How long it took, as the agent measured; may be negative where its clock went back.' CODEC(T64, ZSTD(1)),
    time_to_first_token_ms Nullable(Int64) COMMENT 'Of a streamed completion.' CODEC(T64, ZSTD(1)),
    provider               LowCardinality(String) COMMENT 'Of the model.',
    model                  LowCardinality(String) COMMENT 'Name of the model.',
    input_tokens           Int64 COMMENT 'Cache reads and writes are a part of it.' CODEC(T64, ZSTD(1)),
    output_tokens          Int64 COMMENT 'Reasoning tokens are a part of it.' CODEC(T64, ZSTD(1)),
    cache_read_tokens      Int64 COMMENT 'Part of input_tokens: never add it again.' CODEC(T64, ZSTD(1)),
    cache_write_tokens     Int64 COMMENT 'Part of input_tokens: never add it again.' CODEC(T64, ZSTD(1)),
    reasoning_tokens       Int64 COMMENT 'Part of output_tokens: never add it again.' CODEC(T64, ZSTD(1)),
    cost_nano_usd          Int64 COMMENT 'Billionths of a US dollar.' CODEC(T64, ZSTD(1)),
    cost_usd               Decimal(38, 9) ALIAS toDecimal128(cost_nano_usd, 9) / 1000000000 COMMENT 'US dollars.',
    score                  Nullable(Float64) COMMENT 'Of an EVALUATION or FEEDBACK.' CODEC(ZSTD(1)),
    label                  LowCardinality(String) COMMENT 'Of an EVALUATION or FEEDBACK.',
    goal                   String COMMENT 'On SESSION_STARTED and GOAL_SET.' CODEC(ZSTD(1)),
    plan_revision          Int32 COMMENT 'How often the plan was made anew.' CODEC(T64, ZSTD(1)),
    attributes             Map(String, String) COMMENT 'Whatever else the agent said.' CODEC(ZSTD(1)),
    log_id                 LowCardinality(String) COMMENT 'One life of the topic: cluster id and epoch.',
    kafka_partition        Int32 COMMENT 'Where the record lies.' CODEC(ZSTD(1)),
    kafka_offset           Int64 COMMENT 'Where the record lies.' CODEC(Delta, ZSTD(1)),
    kafka_timestamp        DateTime64(3, 'UTC') COMMENT 'When the broker appended it.' CODEC(Delta, ZSTD(1)),
    landed_at              DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When the row was stored.' CODEC(Delta, ZSTD(1)),
    INDEX by_session  session_id  TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_trace    trace_id    TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_offset   kafka_offset TYPE minmax GRANULARITY 1,
    INDEX by_occurred occurred_at TYPE minmax GRANULARITY 1,
    INDEX by_landed   landed_at   TYPE minmax GRANULARITY 1
)
ENGINE = {{MergeTree}}
PARTITION BY toDate(kafka_timestamp)
ORDER BY (tenant_id, agent_id, toStartOfHour(occurred_at), session_id, seq)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'One row per event of an agent. Read this where the views do not say enough.';
