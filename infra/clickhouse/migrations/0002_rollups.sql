-- Rollups of events, filled by views as events land. Sums, counts and extremes alone: cheap, and the order of landing cannot change them.
-- Views are total functions: nothing here can refuse a row that events has taken. Sums of 64-bit integers wrap at worst.
-- kafka_month is the partition key and what TTL goes by: event time is the agent's claim, and a thousand claimed months must not open a thousand partitions.

CREATE TABLE IF NOT EXISTS {{database}}.agent_minute {{on_cluster}}
(
    tenant_id     LowCardinality(String) COMMENT 'Whose fleet this is.',
    agent_id      LowCardinality(String) COMMENT 'The agent.',
    agent_version LowCardinality(String) COMMENT 'Version of the agent.',
    minute        DateTime('UTC') COMMENT 'Event time, cut to the minute.' CODEC(Delta, ZSTD(1)),
    kafka_month   Date COMMENT 'Month in which the broker appended the events.',
    events        SimpleAggregateFunction(sum, UInt64) COMMENT 'Events of any kind.',
    errors        SimpleAggregateFunction(sum, UInt64) COMMENT 'Events with status ERROR or TIMEOUT.',
    llm_calls     SimpleAggregateFunction(sum, UInt64) COMMENT 'Finished calls of a model.',
    tool_calls    SimpleAggregateFunction(sum, UInt64) COMMENT 'Finished calls of a tool.',
    input_tokens  SimpleAggregateFunction(sum, Int64) COMMENT 'Tokens read by models.',
    output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Tokens written by models.',
    cost_nano_usd SimpleAggregateFunction(sum, Int64) COMMENT 'Billionths of a US dollar.',
    timed_calls   SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls that carried a duration.',
    duration_ms   SimpleAggregateFunction(sum, Int64) COMMENT 'Sum over timed_calls.',
    max_duration_ms SimpleAggregateFunction(max, Int64) COMMENT 'The longest of timed_calls.',
    last_event_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')) COMMENT 'Event time of the newest event.'
)
ENGINE = {{AggregatingMergeTree}}
PARTITION BY kafka_month
ORDER BY (tenant_id, agent_id, agent_version, minute)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'Rollup of events by agent, version and minute. Sum before reading: parts merge late.';

CREATE MATERIALIZED VIEW IF NOT EXISTS {{database}}.agent_minute_feed {{on_cluster}} TO {{database}}.agent_minute AS
SELECT
    tenant_id, agent_id, agent_version, toStartOfMinute(occurred_at) AS minute, toStartOfMonth(kafka_timestamp) AS kafka_month,
    count() AS events,
    countIf(status IN ('ERROR', 'TIMEOUT')) AS errors,
    countIf(kind = 'LLM_CALL' AND phase != 'START') AS llm_calls,
    countIf(kind = 'TOOL_CALL' AND phase != 'START') AS tool_calls,
    sum(events.input_tokens) AS input_tokens,
    sum(events.output_tokens) AS output_tokens,
    sum(events.cost_nano_usd) AS cost_nano_usd,
    count(events.duration_ms) AS timed_calls,
    sum(ifNull(events.duration_ms, 0)) AS duration_ms,
    max(ifNull(events.duration_ms, 0)) AS max_duration_ms,
    max(occurred_at) AS last_event_at
FROM {{database}}.events
GROUP BY tenant_id, agent_id, agent_version, minute, kafka_month;

CREATE TABLE IF NOT EXISTS {{database}}.tool_minute {{on_cluster}}
(
    tenant_id       LowCardinality(String) COMMENT 'Whose fleet this is.',
    agent_id        LowCardinality(String) COMMENT 'The agent that called.',
    tool            LowCardinality(String) COMMENT 'The tool.',
    minute          DateTime('UTC') COMMENT 'Event time, cut to the minute.' CODEC(Delta, ZSTD(1)),
    kafka_month     Date COMMENT 'Month in which the broker appended the events.',
    calls           SimpleAggregateFunction(sum, UInt64) COMMENT 'Finished calls.',
    errors          SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls with status ERROR or TIMEOUT.',
    timeouts        SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls with status TIMEOUT.',
    timed_calls     SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls that carried a duration.',
    duration_ms     SimpleAggregateFunction(sum, Int64) COMMENT 'Sum over timed_calls.',
    latency_counts  SimpleAggregateFunction(sumMap, Map(Int16, UInt64)) COMMENT 'Histogram of durations: bucket b holds 2^(b/4) to 2^((b+1)/4) ms; -1: none or less than 1 ms.'
)
ENGINE = {{AggregatingMergeTree}}
PARTITION BY kafka_month
ORDER BY (tenant_id, agent_id, tool, minute)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'Rollup of tool calls by agent, tool and minute. Sum before reading: parts merge late.';

CREATE MATERIALIZED VIEW IF NOT EXISTS {{database}}.tool_minute_feed {{on_cluster}} TO {{database}}.tool_minute AS
SELECT
    tenant_id, agent_id, name AS tool, toStartOfMinute(occurred_at) AS minute, toStartOfMonth(kafka_timestamp) AS kafka_month,
    count() AS calls,
    countIf(status IN ('ERROR', 'TIMEOUT')) AS errors,
    countIf(status = 'TIMEOUT') AS timeouts,
    count(events.duration_ms) AS timed_calls,
    sum(ifNull(events.duration_ms, 0)) AS duration_ms,
    sumMap(map(toInt16(if(ifNull(events.duration_ms, 0) < 1, -1, floor(4 * log2(greatest(ifNull(events.duration_ms, 1), 1))))), toUInt64(1))) AS latency_counts
FROM {{database}}.events
WHERE kind = 'TOOL_CALL' AND phase != 'START'
GROUP BY tenant_id, agent_id, tool, minute, kafka_month;

CREATE TABLE IF NOT EXISTS {{database}}.model_hour {{on_cluster}}
(
    tenant_id          LowCardinality(String) COMMENT 'Whose fleet this is.',
    agent_id           LowCardinality(String) COMMENT 'The agent that called.',
    provider           LowCardinality(String) COMMENT 'Of the model.',
    model              LowCardinality(String) COMMENT 'The model.',
    hour               DateTime('UTC') COMMENT 'Event time, cut to the hour.' CODEC(Delta, ZSTD(1)),
    kafka_month        Date COMMENT 'Month in which the broker appended the events.',
    calls              SimpleAggregateFunction(sum, UInt64) COMMENT 'Finished calls.',
    errors             SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls with status ERROR or TIMEOUT.',
    input_tokens       SimpleAggregateFunction(sum, Int64) COMMENT 'Tokens read; cache is a part of it.',
    output_tokens      SimpleAggregateFunction(sum, Int64) COMMENT 'Tokens written; reasoning is a part of it.',
    cache_read_tokens  SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens.',
    cache_write_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens.',
    reasoning_tokens   SimpleAggregateFunction(sum, Int64) COMMENT 'Part of output_tokens.',
    cost_nano_usd      SimpleAggregateFunction(sum, Int64) COMMENT 'Billionths of a US dollar.',
    timed_calls        SimpleAggregateFunction(sum, UInt64) COMMENT 'Calls that carried a duration.',
    duration_ms        SimpleAggregateFunction(sum, Int64) COMMENT 'Sum over timed_calls.',
    latency_counts     SimpleAggregateFunction(sumMap, Map(Int16, UInt64)) COMMENT 'Histogram of durations: bucket b holds 2^(b/4) to 2^((b+1)/4) ms; -1: none or less than 1 ms.'
)
ENGINE = {{AggregatingMergeTree}}
PARTITION BY kafka_month
ORDER BY (tenant_id, agent_id, provider, model, hour)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'Rollup of model calls by agent, model and hour. Sum before reading: parts merge late.';

CREATE MATERIALIZED VIEW IF NOT EXISTS {{database}}.model_hour_feed {{on_cluster}} TO {{database}}.model_hour AS
SELECT
    tenant_id, agent_id, provider, model, toStartOfHour(occurred_at) AS hour, toStartOfMonth(kafka_timestamp) AS kafka_month,
    count() AS calls,
    countIf(status IN ('ERROR', 'TIMEOUT')) AS errors,
    sum(events.input_tokens) AS input_tokens,
    sum(events.output_tokens) AS output_tokens,
    sum(events.cache_read_tokens) AS cache_read_tokens,
    sum(events.cache_write_tokens) AS cache_write_tokens,
    sum(events.reasoning_tokens) AS reasoning_tokens,
    sum(events.cost_nano_usd) AS cost_nano_usd,
    count(events.duration_ms) AS timed_calls,
    sum(ifNull(events.duration_ms, 0)) AS duration_ms,
    sumMap(map(toInt16(if(ifNull(events.duration_ms, 0) < 1, -1, floor(4 * log2(greatest(ifNull(events.duration_ms, 1), 1))))), toUInt64(1))) AS latency_counts
FROM {{database}}.events
WHERE kind = 'LLM_CALL' AND phase != 'START'
GROUP BY tenant_id, agent_id, provider, model, hour, kafka_month;

CREATE TABLE IF NOT EXISTS {{database}}.session_parts {{on_cluster}}
(
    tenant_id     LowCardinality(String) COMMENT 'Whose fleet this is.',
    session_id    String COMMENT 'The session.' CODEC(ZSTD(1)),
    kafka_month   Date COMMENT 'Month in which the broker appended the events.',
    agent_id      SimpleAggregateFunction(max, String) COMMENT 'The agent; of a team the last by name.' CODEC(ZSTD(1)),
    agent_version SimpleAggregateFunction(max, String) COMMENT 'Version of the agent.' CODEC(ZSTD(1)),
    started_at    SimpleAggregateFunction(min, DateTime64(6, 'UTC')) COMMENT 'Event time of the first event.' CODEC(Delta, ZSTD(1)),
    last_event_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')) COMMENT 'Event time of the newest event.' CODEC(Delta, ZSTD(1)),
    ended         SimpleAggregateFunction(max, Bool) COMMENT 'A SESSION_ENDED was seen.',
    goal          SimpleAggregateFunction(max, Tuple(Int64, String)) COMMENT 'seq and text of the newest goal.' CODEC(ZSTD(1)),
    end_status    SimpleAggregateFunction(max, String) COMMENT 'Status of SESSION_ENDED.' CODEC(ZSTD(1)),
    max_seq       SimpleAggregateFunction(max, Int64) COMMENT 'Highest seq seen.' CODEC(T64, ZSTD(1)),
    events        SimpleAggregateFunction(sum, UInt64) COMMENT 'Events of any kind.',
    errors        SimpleAggregateFunction(sum, UInt64) COMMENT 'Events with status ERROR or TIMEOUT.',
    llm_calls     SimpleAggregateFunction(sum, UInt64) COMMENT 'Finished calls of a model.',
    tool_calls    SimpleAggregateFunction(sum, UInt64) COMMENT 'Finished calls of a tool.',
    input_tokens  SimpleAggregateFunction(sum, Int64) COMMENT 'Tokens read by models.',
    output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Tokens written by models.',
    cost_nano_usd SimpleAggregateFunction(sum, Int64) COMMENT 'Billionths of a US dollar.'
)
ENGINE = {{AggregatingMergeTree}}
PARTITION BY kafka_month
ORDER BY (tenant_id, session_id)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'Rollup of events by session. Read the view sessions.';

CREATE MATERIALIZED VIEW IF NOT EXISTS {{database}}.session_feed {{on_cluster}} TO {{database}}.session_parts AS
SELECT
    tenant_id, session_id, toStartOfMonth(kafka_timestamp) AS kafka_month,
    max(toString(events.agent_id)) AS agent_id,
    max(toString(events.agent_version)) AS agent_version,
    min(occurred_at) AS started_at,
    max(occurred_at) AS last_event_at,
    max(kind = 'SESSION_ENDED') AS ended,
    max(if(events.goal = '', (toInt64(-9223372036854775808), ''), (seq, events.goal))) AS goal,
    max(if(kind = 'SESSION_ENDED', toString(status), '')) AS end_status,
    max(seq) AS max_seq,
    count() AS events,
    countIf(status IN ('ERROR', 'TIMEOUT')) AS errors,
    countIf(kind = 'LLM_CALL' AND phase != 'START') AS llm_calls,
    countIf(kind = 'TOOL_CALL' AND phase != 'START') AS tool_calls,
    sum(events.input_tokens) AS input_tokens,
    sum(events.output_tokens) AS output_tokens,
    sum(events.cost_nano_usd) AS cost_nano_usd
FROM {{database}}.events
GROUP BY tenant_id, session_id, kafka_month;
