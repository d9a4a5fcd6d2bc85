-- The analyst's interface: views with plain names that hide how rows are folded. Times are UTC, money is US dollars.

CREATE OR REPLACE VIEW {{database}}.sessions {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    session_id String COMMENT 'The session.',
    agent_id String COMMENT 'The agent.',
    agent_version String COMMENT 'Version of the agent.',
    state String COMMENT 'ended, or running.',
    end_status String COMMENT 'Status it ended with; empty while it runs.',
    goal String COMMENT 'The newest goal.',
    started_at DateTime64(6, 'UTC') COMMENT 'Event time of the first event.',
    last_event_at DateTime64(6, 'UTC') COMMENT 'Event time of the newest event.',
    duration_s Float64 COMMENT 'Seconds between both.',
    events UInt64 COMMENT 'Events of any kind.',
    errors UInt64 COMMENT 'Events with status ERROR or TIMEOUT.',
    llm_calls UInt64 COMMENT 'Finished model calls.',
    tool_calls UInt64 COMMENT 'Finished tool calls.',
    input_tokens Int64 COMMENT 'Tokens read by models.',
    output_tokens Int64 COMMENT 'Tokens written by models.',
    cost_usd Float64 COMMENT 'US dollars.'
)
AS SELECT
    p.tenant_id AS tenant_id, p.session_id AS session_id, max(p.agent_id) AS agent_id, max(p.agent_version) AS agent_version,
    if(max(p.ended), 'ended', 'running') AS state, max(p.end_status) AS end_status, tupleElement(max(p.goal), 2) AS goal,
    min(p.started_at) AS started_at, max(p.last_event_at) AS last_event_at,
    (toUnixTimestamp64Micro(max(p.last_event_at)) - toUnixTimestamp64Micro(min(p.started_at))) / 1e6 AS duration_s,
    sum(p.events) AS events, sum(p.errors) AS errors, sum(p.llm_calls) AS llm_calls, sum(p.tool_calls) AS tool_calls,
    sum(p.input_tokens) AS input_tokens, sum(p.output_tokens) AS output_tokens, sum(p.cost_nano_usd) / 1e9 AS cost_usd
FROM {{database}}.session_parts{{all}} AS p
GROUP BY p.tenant_id, p.session_id
COMMENT 'One row per session.';

CREATE OR REPLACE VIEW {{database}}.session_timeline {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    session_id String COMMENT 'The session; filter by it.',
    seq Int64 COMMENT 'Position within the session.',
    occurred_at DateTime64(6, 'UTC') COMMENT 'When it happened by the agent''s clock.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    kind LowCardinality(String) COMMENT 'What kind of step.',
    phase LowCardinality(String) COMMENT 'POINT, START or END.',
    actor LowCardinality(String) COMMENT 'AGENT, USER, TOOL or SYSTEM.',
    name String COMMENT 'The tool, model or task.',
    status LowCardinality(String) COMMENT 'UNSET, OK, ERROR, TIMEOUT or CANCELLED.',
    duration_ms Nullable(Int64) COMMENT 'How long it took.',
    tokens Int64 COMMENT 'Input and output tokens.',
    cost_usd Float64 COMMENT 'US dollars.',
    input String COMMENT 'The first 200 characters; all of it stands in events.',
    output String COMMENT 'The first 200 characters.',
    error String COMMENT 'Type and message of the error.',
    event_id String COMMENT 'Unique id of the event.'
)
AS SELECT
    e.tenant_id AS tenant_id, e.session_id AS session_id, e.seq AS seq, e.occurred_at AS occurred_at, e.agent_id AS agent_id,
    e.kind AS kind, e.phase AS phase, e.actor AS actor, if(e.name = '', toString(e.model), toString(e.name)) AS name, e.status AS status,
    e.duration_ms AS duration_ms, e.input_tokens + e.output_tokens AS tokens, e.cost_nano_usd / 1e9 AS cost_usd,
    substringUTF8(if(e.goal = '' OR e.input != '', e.input, e.goal), 1, 200) AS input, substringUTF8(e.output, 1, 200) AS output,
    if(e.error_type = '', e.error_message, concat(e.error_type, ': ', e.error_message)) AS error, e.event_id AS event_id
FROM {{database}}.events{{all}} AS e
ORDER BY e.tenant_id, e.session_id, e.seq, e.kafka_offset
COMMENT 'The steps of a session, in order.';

CREATE OR REPLACE VIEW {{database}}.agents {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    versions Array(String) COMMENT 'Versions seen.',
    sessions UInt64 COMMENT 'Sessions seen.',
    first_event_at DateTime('UTC') COMMENT 'Minute of the first event.',
    last_event_at DateTime64(6, 'UTC') COMMENT 'Event time of the newest event.',
    events UInt64 COMMENT 'Events of any kind.',
    errors UInt64 COMMENT 'Events with status ERROR or TIMEOUT.',
    error_share Float64 COMMENT 'errors by events, 0 to 1.',
    llm_calls UInt64 COMMENT 'Finished model calls.',
    tool_calls UInt64 COMMENT 'Finished tool calls.',
    tokens Int64 COMMENT 'Input and output tokens.',
    cost_usd Float64 COMMENT 'US dollars.',
    mean_call_ms Float64 COMMENT 'Mean duration of calls; 0: none was timed.'
)
AS SELECT
    a.tenant_id AS tenant_id, a.agent_id AS agent_id, a.versions AS versions, s.sessions AS sessions,
    a.first_event_at AS first_event_at, a.last_event_at AS last_event_at, a.events AS events, a.errors AS errors,
    a.errors / greatest(a.events, 1) AS error_share, a.llm_calls AS llm_calls, a.tool_calls AS tool_calls,
    a.tokens AS tokens, a.cost_nano / 1e9 AS cost_usd, a.total_ms / greatest(a.timed, 1) AS mean_call_ms
FROM
(
    SELECT m.tenant_id, m.agent_id, arraySort(groupUniqArray(toString(m.agent_version))) AS versions, min(m.minute) AS first_event_at,
           max(m.last_event_at) AS last_event_at, sum(m.events) AS events, sum(m.errors) AS errors, sum(m.llm_calls) AS llm_calls,
           sum(m.tool_calls) AS tool_calls, sum(m.input_tokens) + sum(m.output_tokens) AS tokens, sum(m.cost_nano_usd) AS cost_nano,
           sum(m.duration_ms) AS total_ms, sum(m.timed_calls) AS timed
    FROM {{database}}.agent_minute{{all}} AS m GROUP BY m.tenant_id, m.agent_id
) AS a
LEFT JOIN
(
    SELECT p.tenant_id, p.agent_id, uniqExact(p.session_id) AS sessions
    FROM {{database}}.session_parts{{all}} AS p GROUP BY p.tenant_id, p.agent_id
) AS s ON s.tenant_id = a.tenant_id AND s.agent_id = toString(a.agent_id)
COMMENT 'One row per agent, over all that is kept.';

CREATE OR REPLACE VIEW {{database}}.detections {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    detection_id String COMMENT 'The same log always gives the same id.',
    detector LowCardinality(String) COMMENT 'loop-detector, drift-detector or anomaly-detector.',
    kind LowCardinality(String) COMMENT 'What was found.',
    status LowCardinality(String) COMMENT 'OPEN or CLOSED.',
    severity LowCardinality(String) COMMENT 'INFO, WARNING or CRITICAL.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    agent_version LowCardinality(String) COMMENT 'Version of the agent.',
    session_id String COMMENT 'The session; empty where it is about an agent.',
    metric LowCardinality(String) COMMENT 'Of an anomaly: latency, tokens, cost, errors, ...',
    explanation String COMMENT 'One sentence for a person.',
    started_at DateTime64(6, 'UTC') COMMENT 'When the episode began, in event time.',
    last_seen_at DateTime64(6, 'UTC') COMMENT 'Event time of the last evidence so far.',
    detected_at DateTime64(6, 'UTC') COMMENT 'When this revision was produced.',
    score Float64 COMMENT 'How strong the evidence is.',
    threshold Float64 COMMENT 'The score from which this is reported.',
    confidence Float64 COMMENT '0 to 1.',
    first_seq Int64 COMMENT 'seq of the first event of the evidence; -1: none.',
    last_seq Int64 COMMENT 'seq of the last event so far; -1: none.',
    wasted_tokens Int64 COMMENT 'Estimated tokens burnt in vain.',
    wasted_usd Float64 COMMENT 'Estimated cost in vain, US dollars.',
    wasted_s Float64 COMMENT 'Estimated time lost, seconds.',
    evidence String COMMENT 'JSON: the signals and steps that decided.',
    revision Int32 COMMENT 'Rises from 1 as the detection grows.'
)
AS SELECT
    d.tenant_id AS tenant_id, d.detection_id AS detection_id, d.detector AS detector, d.kind AS kind, d.status AS status,
    d.severity AS severity, d.agent_id AS agent_id, d.agent_version AS agent_version, d.session_id AS session_id, d.metric AS metric,
    d.explanation AS explanation, d.window_start AS started_at, d.window_end AS last_seen_at, d.detected_at AS detected_at,
    d.score AS score, d.threshold AS threshold, d.confidence AS confidence, d.first_seq AS first_seq, d.last_seq AS last_seq,
    d.wasted_tokens AS wasted_tokens, d.wasted_cost_nano_usd / 1e9 AS wasted_usd, d.wasted_ms / 1e3 AS wasted_s,
    d.evidence AS evidence, d.revision AS revision
FROM {{database}}.detection_latest{{all}} AS d FINAL
COMMENT 'What was found wrong, newest revision of each.';

CREATE OR REPLACE VIEW {{database}}.detections_with_events {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    detection_id String COMMENT 'The detection; filter by it, or by session_id.',
    kind LowCardinality(String) COMMENT 'What was found.',
    severity LowCardinality(String) COMMENT 'INFO, WARNING or CRITICAL.',
    explanation String COMMENT 'One sentence for a person.',
    session_id String COMMENT 'The session.',
    seq Int64 COMMENT 'Position of the event within the session.',
    occurred_at DateTime64(6, 'UTC') COMMENT 'When the event happened.',
    step LowCardinality(String) COMMENT 'Kind of the event.',
    name String COMMENT 'The tool, model or task.',
    status LowCardinality(String) COMMENT 'Of the event.',
    tokens Int64 COMMENT 'Input and output tokens of the event.',
    cost_usd Float64 COMMENT 'US dollars.',
    input String COMMENT 'The first 200 characters.',
    output String COMMENT 'The first 200 characters.',
    event_id String COMMENT 'Unique id of the event.'
)
AS SELECT
    d.tenant_id AS tenant_id, d.detection_id AS detection_id, d.kind AS kind, d.severity AS severity, d.explanation AS explanation,
    d.session_id AS session_id, e.seq AS seq, e.occurred_at AS occurred_at, e.kind AS step,
    if(e.name = '', toString(e.model), toString(e.name)) AS name, e.status AS status, e.input_tokens + e.output_tokens AS tokens,
    e.cost_nano_usd / 1e9 AS cost_usd, substringUTF8(e.input, 1, 200) AS input, substringUTF8(e.output, 1, 200) AS output, e.event_id AS event_id
FROM {{database}}.events{{all}} AS e
INNER JOIN (SELECT * FROM {{database}}.detection_latest{{all}} FINAL WHERE session_id != '') AS d
    ON e.tenant_id = d.tenant_id AND e.session_id = d.session_id
WHERE e.seq BETWEEN d.first_seq AND d.last_seq
COMMENT 'The events that a detection of a session speaks of, one row each.';

CREATE OR REPLACE VIEW {{database}}.alerts {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    fingerprint String COMMENT 'The same for the same trouble.',
    rule LowCardinality(String) COMMENT 'Which rule raised it.',
    state LowCardinality(String) COMMENT 'FIRING, ACKNOWLEDGED or RESOLVED.',
    severity LowCardinality(String) COMMENT 'INFO, WARNING or CRITICAL.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    session_id String COMMENT 'The session; empty where it is about an agent.',
    summary String COMMENT 'One sentence for a person.',
    starts_at DateTime64(6, 'UTC') COMMENT 'When the trouble began.',
    ends_at Nullable(DateTime64(6, 'UTC')) COMMENT 'When it was over; NULL: not yet.',
    detections Array(String) COMMENT 'Their detection_ids.',
    labels Map(String, String) COMMENT 'For routing.',
    revision Int32 COMMENT 'Rises with every change.'
)
AS SELECT a.tenant_id AS tenant_id, a.fingerprint AS fingerprint, a.rule AS rule, a.state AS state, a.severity AS severity,
    a.agent_id AS agent_id, a.session_id AS session_id, a.summary AS summary, a.starts_at AS starts_at, a.ends_at AS ends_at,
    a.detections AS detections, a.labels AS labels, a.revision AS revision
FROM {{database}}.alert_latest{{all}} AS a FINAL
COMMENT 'What people were told, newest state of each.';

CREATE OR REPLACE VIEW {{database}}.fleet_now {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    running_sessions UInt64 COMMENT 'Sessions with an event in the last 15 minutes that have not ended.',
    events_per_minute Float64 COMMENT 'Mean of the last 15 minutes.',
    error_share Float64 COMMENT 'Share of events that failed, 0 to 1.',
    tokens_per_minute Float64 COMMENT 'Input and output tokens.',
    cost_usd_per_hour Float64 COMMENT 'US dollars, at the rate of the last 15 minutes.',
    open_detections UInt64 COMMENT 'Detections that are open.',
    seconds_since_event Float64 COMMENT 'Since the newest event.'
)
AS SELECT
    m.tenant_id AS tenant_id, m.agent_id AS agent_id, s.running AS running_sessions, m.events / 15 AS events_per_minute,
    m.errors / greatest(m.events, 1) AS error_share, m.tokens / 15 AS tokens_per_minute, m.cost_nano * 4 / 1e9 AS cost_usd_per_hour,
    d.open_detections AS open_detections, (toUnixTimestamp64Micro(now64(6)) - toUnixTimestamp64Micro(m.last_event_at)) / 1e6 AS seconds_since_event
FROM
(
    SELECT r.tenant_id, r.agent_id, sum(r.events) AS events, sum(r.errors) AS errors, sum(r.input_tokens) + sum(r.output_tokens) AS tokens,
           sum(r.cost_nano_usd) AS cost_nano, max(r.last_event_at) AS last_event_at
    FROM {{database}}.agent_minute{{all}} AS r WHERE r.minute >= toStartOfMinute(now()) - INTERVAL 15 MINUTE GROUP BY r.tenant_id, r.agent_id
) AS m
LEFT JOIN
(
    SELECT tenant_id, agent_id, countIf(NOT ended AND last_event_at >= now64(6) - INTERVAL 15 MINUTE) AS running
    FROM (SELECT p.tenant_id, p.session_id, max(p.agent_id) AS agent_id, max(p.ended) AS ended, max(p.last_event_at) AS last_event_at
          FROM {{database}}.session_parts{{all}} AS p GROUP BY p.tenant_id, p.session_id)
    GROUP BY tenant_id, agent_id
) AS s ON s.tenant_id = m.tenant_id AND s.agent_id = toString(m.agent_id)
LEFT JOIN
(
    SELECT l.tenant_id, l.agent_id, countIf(l.status = 'OPEN') AS open_detections
    FROM {{database}}.detection_latest{{all}} AS l FINAL GROUP BY l.tenant_id, l.agent_id
) AS d ON d.tenant_id = m.tenant_id AND d.agent_id = m.agent_id
COMMENT 'Agents that said something in the last 15 minutes, by event time.';

CREATE OR REPLACE VIEW {{database}}.tools_per_hour {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    hour DateTime('UTC') COMMENT 'Event time, cut to the hour.',
    agent_id LowCardinality(String) COMMENT 'The agent that called.',
    tool LowCardinality(String) COMMENT 'The tool.',
    calls UInt64 COMMENT 'Finished calls.',
    errors UInt64 COMMENT 'Calls with status ERROR or TIMEOUT.',
    timeouts UInt64 COMMENT 'Calls with status TIMEOUT.',
    error_share Float64 COMMENT 'errors by calls, 0 to 1.',
    mean_ms Float64 COMMENT 'Mean duration; 0: none was timed.',
    p50_ms Float64 COMMENT 'Median duration, within 19 %.',
    p95_ms Float64 COMMENT '95 of 100 calls were shorter, within 19 %.'
)
AS SELECT tenant_id, hour, agent_id, tool, calls, errors, timeouts, errors / greatest(calls, 1) AS error_share, total_ms / greatest(timed, 1) AS mean_ms,
    pow(2, (keys[arrayFirstIndex(c -> c >= 0.5 * calls, cumulated)] + 1) / 4) AS p50_ms,
    pow(2, (keys[arrayFirstIndex(c -> c >= 0.95 * calls, cumulated)] + 1) / 4) AS p95_ms
FROM
(
    SELECT t.tenant_id, toStartOfHour(t.minute) AS hour, t.agent_id, t.tool, sum(t.calls) AS calls, sum(t.errors) AS errors, sum(t.timeouts) AS timeouts,
           sum(t.duration_ms) AS total_ms, sum(t.timed_calls) AS timed, mapSort(sumMap(t.latency_counts)) AS counts,
           mapKeys(counts) AS keys, arrayCumSum(mapValues(counts)) AS cumulated
    FROM {{database}}.tool_minute{{all}} AS t GROUP BY t.tenant_id, hour, t.agent_id, t.tool
)
COMMENT 'Tool calls by hour, agent and tool.';

CREATE OR REPLACE VIEW {{database}}.models_per_hour {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    hour DateTime('UTC') COMMENT 'Event time, cut to the hour.',
    agent_id LowCardinality(String) COMMENT 'The agent that called.',
    provider LowCardinality(String) COMMENT 'Of the model.',
    model LowCardinality(String) COMMENT 'The model.',
    calls UInt64 COMMENT 'Finished calls.',
    errors UInt64 COMMENT 'Calls with status ERROR or TIMEOUT.',
    input_tokens Int64 COMMENT 'Tokens read; cache is a part of it.',
    output_tokens Int64 COMMENT 'Tokens written; reasoning is a part of it.',
    cache_read_tokens Int64 COMMENT 'Part of input_tokens.',
    reasoning_tokens Int64 COMMENT 'Part of output_tokens.',
    cost_usd Float64 COMMENT 'US dollars.',
    mean_ms Float64 COMMENT 'Mean duration; 0: none was timed.',
    p50_ms Float64 COMMENT 'Median duration, within 19 %.',
    p95_ms Float64 COMMENT '95 of 100 calls were shorter, within 19 %.'
)
AS SELECT tenant_id, hour, agent_id, provider, model, calls, errors, input_tokens, output_tokens, cache_read_tokens, reasoning_tokens, cost_nano / 1e9 AS cost_usd,
    total_ms / greatest(timed, 1) AS mean_ms,
    pow(2, (keys[arrayFirstIndex(c -> c >= 0.5 * calls, cumulated)] + 1) / 4) AS p50_ms,
    pow(2, (keys[arrayFirstIndex(c -> c >= 0.95 * calls, cumulated)] + 1) / 4) AS p95_ms
FROM
(
    SELECT h.tenant_id, h.hour, h.agent_id, h.provider, h.model, sum(h.calls) AS calls, sum(h.errors) AS errors, sum(h.input_tokens) AS input_tokens,
           sum(h.output_tokens) AS output_tokens, sum(h.cache_read_tokens) AS cache_read_tokens, sum(h.reasoning_tokens) AS reasoning_tokens,
           sum(h.cost_nano_usd) AS cost_nano, sum(h.duration_ms) AS total_ms, sum(h.timed_calls) AS timed,
           mapSort(sumMap(h.latency_counts)) AS counts, mapKeys(counts) AS keys, arrayCumSum(mapValues(counts)) AS cumulated
    FROM {{database}}.model_hour{{all}} AS h GROUP BY h.tenant_id, h.hour, h.agent_id, h.provider, h.model
)
COMMENT 'Model calls, tokens and cost by hour, agent and model.';

CREATE OR REPLACE VIEW {{database}}.cost_per_hour {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    hour DateTime('UTC') COMMENT 'Event time, cut to the hour.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    llm_calls UInt64 COMMENT 'Finished model calls.',
    tokens Int64 COMMENT 'Input and output tokens.',
    cost_usd Float64 COMMENT 'US dollars.'
)
AS SELECT m.tenant_id AS tenant_id, toStartOfHour(m.minute) AS hour, m.agent_id AS agent_id, sum(m.llm_calls) AS llm_calls,
    sum(m.input_tokens) + sum(m.output_tokens) AS tokens, sum(m.cost_nano_usd) / 1e9 AS cost_usd
FROM {{database}}.agent_minute{{all}} AS m
GROUP BY m.tenant_id, hour, m.agent_id
COMMENT 'What agents cost by hour.';

CREATE OR REPLACE VIEW {{database}}.pipeline_freshness {{on_cluster}}
(
    topic LowCardinality(String) COMMENT 'The topic.',
    partitions UInt64 COMMENT 'Partitions that have landed something.',
    landed_rows Int64 COMMENT 'Rows stored since the log began.',
    dead_letters Int64 COMMENT 'Records that could not be used.',
    newest_record_at DateTime64(3, 'UTC') COMMENT 'Append time of the newest record landed.',
    newest_stored_at DateTime64(6, 'UTC') COMMENT 'When it was stored.',
    seconds_to_land Float64 COMMENT 'From the append of that record to its row being readable.',
    seconds_since_landing Float64 COMMENT 'Since anything of the topic was stored.'
)
AS SELECT l.topic AS topic, uniqExact(l.kafka_partition) AS partitions, sum(l.landed_rows) AS landed_rows, sum(l.dead_letters) AS dead_letters,
    max(l.last_timestamp) AS newest_record_at, argMax(l.stored_at, l.last_timestamp) AS newest_stored_at,
    (toUnixTimestamp64Micro(argMax(l.stored_at, l.last_timestamp)) - toUnixTimestamp64Milli(max(l.last_timestamp)) * 1000) / 1e6 AS seconds_to_land,
    (toUnixTimestamp64Micro(now64(6)) - toUnixTimestamp64Micro(max(l.stored_at))) / 1e6 AS seconds_since_landing
FROM {{database}}.ledger{{all}} AS l FINAL
GROUP BY l.topic
COMMENT 'How fresh what you read is, by topic.';

CREATE OR REPLACE VIEW {{database}}.ledger_by_partition {{on_cluster}}
(
    log_id LowCardinality(String) COMMENT 'One life of the topic.',
    topic LowCardinality(String) COMMENT 'The topic.',
    kafka_partition Int32 COMMENT 'Partition of the topic.',
    first_offset Int64 COMMENT 'First offset accounted for.',
    last_offset Int64 COMMENT 'Last offset accounted for.',
    blocks UInt64 COMMENT 'Blocks landed.',
    landed_rows Int64 COMMENT 'Rows stored.',
    dead_letters Int64 COMMENT 'Records that could not be used.',
    holes Int64 COMMENT 'Offsets without a record.',
    lost Int64 COMMENT 'Offsets that retention removed unread, and that a person accepted.',
    missing Int64 COMMENT 'Offsets accounted for by no block; must be 0.'
)
AS SELECT l.log_id AS log_id, l.topic AS topic, l.kafka_partition AS kafka_partition, min(l.first_offset) AS first_offset, max(l.last_offset) AS last_offset,
    count() AS blocks, sum(l.landed_rows) AS landed_rows, sum(l.dead_letters) AS dead_letters, sum(l.holes) AS holes, sum(l.lost) AS lost,
    max(l.last_offset) - min(l.first_offset) + 1 - sum(l.landed_rows + l.dead_letters + l.holes + l.lost) AS missing
FROM {{database}}.ledger{{all}} AS l FINAL
GROUP BY l.log_id, l.topic, l.kafka_partition
COMMENT 'Receipts of landing, summed by partition.';
