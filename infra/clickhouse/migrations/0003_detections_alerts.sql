-- What the detectors found, what people were told and what agents were ordered. Each topic lands in an append-only log;
-- the newest revision of a detection or alert is kept beside it by a view.

CREATE TABLE IF NOT EXISTS {{database}}.detection_log {{on_cluster}}
(
    detection_id String COMMENT 'sha256, hex, over length-prefixed (tenant, detector, detector_version, kind, subject, metric, anchor).' CODEC(ZSTD(1)),
    revision Int32 COMMENT 'Rises from 1 as the detection grows.' CODEC(ZSTD(1)),
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    detector LowCardinality(String) COMMENT 'loop-detector, drift-detector, anomaly-detector.',
    detector_version Int32 COMMENT 'Version of the detector.' CODEC(ZSTD(1)),
    kind LowCardinality(String) COMMENT 'What was found, such as loop.repeat, drift.hijack, anomaly.level_shift.',
    subject String COMMENT 'The session_id or agent_id that the detection is about.' CODEC(ZSTD(1)),
    agent_id LowCardinality(String) COMMENT 'The agent.',
    agent_version LowCardinality(String) COMMENT 'Version of the agent.',
    session_id String COMMENT 'The session; empty where it is about an agent.' CODEC(ZSTD(1)),
    metric LowCardinality(String) COMMENT 'Of an anomaly: latency, tokens, cost, errors, ...',
    anchor Int64 COMMENT 'first_seq of the episode, or the window''s start in microseconds, frozen when the detection first fires.' CODEC(ZSTD(1)),
    status LowCardinality(String) COMMENT 'OPEN or CLOSED.',
    severity LowCardinality(String) COMMENT 'INFO, WARNING or CRITICAL.',
    score Float64 COMMENT 'How strong the evidence is.' CODEC(ZSTD(1)),
    threshold Float64 COMMENT 'The score from which this is reported.' CODEC(ZSTD(1)),
    confidence Float64 COMMENT '0 to 1.' CODEC(ZSTD(1)),
    first_event_id String COMMENT 'First event of the evidence.' CODEC(ZSTD(1)),
    last_event_id String COMMENT 'Last event of the evidence so far.' CODEC(ZSTD(1)),
    first_seq Int64 COMMENT 'seq of the first event; -1: none.' CODEC(ZSTD(1)),
    last_seq Int64 COMMENT 'seq of the last event so far; -1: none.' CODEC(ZSTD(1)),
    window_start DateTime64(6, 'UTC') COMMENT 'When the episode began, in event time.' CODEC(Delta, ZSTD(1)),
    window_end DateTime64(6, 'UTC') COMMENT 'Event time of the last evidence so far.' CODEC(Delta, ZSTD(1)),
    explanation String COMMENT 'One sentence for a person.' CODEC(ZSTD(1)),
    evidence String COMMENT 'JSON: the signals and steps that decided.' CODEC(ZSTD(1)),
    wasted_tokens Int64 COMMENT 'Estimated tokens burnt in vain.' CODEC(ZSTD(1)),
    wasted_cost_nano_usd Int64 COMMENT 'Estimated cost in vain, billionths of a US dollar.' CODEC(ZSTD(1)),
    wasted_cost_usd Decimal(38, 9) ALIAS toDecimal128(wasted_cost_nano_usd, 9) / 1000000000 COMMENT 'Estimated cost in vain, US dollars.',
    wasted_ms Int64 COMMENT 'Estimated time lost, milliseconds.' CODEC(ZSTD(1)),
    source_topic LowCardinality(String) COMMENT 'Where the record lies that completed the evidence; set by the runtime.',
    source_partition Int32 COMMENT 'Partition of that record.' CODEC(ZSTD(1)),
    source_offset Int64 COMMENT 'Offset of that record.' CODEC(ZSTD(1)),
    source_timestamp DateTime64(3, 'UTC') COMMENT 'LogAppendTime of that record: latency is counted from here.' CODEC(Delta, ZSTD(1)),
    detected_at DateTime64(6, 'UTC') COMMENT 'Wall clock when it was produced; the one field that a replay may change.' CODEC(Delta, ZSTD(1)),
    log_id LowCardinality(String) COMMENT 'One life of the topic: cluster id and epoch.',
    kafka_partition Int32 COMMENT 'Where the record lies.' CODEC(ZSTD(1)),
    kafka_offset Int64 COMMENT 'Where the record lies.' CODEC(Delta, ZSTD(1)),
    kafka_timestamp DateTime64(3, 'UTC') COMMENT 'When the broker appended it.' CODEC(Delta, ZSTD(1)),
    landed_at DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When the row was stored.' CODEC(Delta, ZSTD(1)),
    INDEX by_offset kafka_offset TYPE minmax GRANULARITY 1
)
ENGINE = {{MergeTree}}
PARTITION BY toStartOfMonth(kafka_timestamp)
ORDER BY (tenant_id, detector, agent_id, session_id, detection_id, revision)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'One row per record of agent.detections. Read the view detections for the newest revisions.';

CREATE TABLE IF NOT EXISTS {{database}}.detection_latest {{on_cluster}}
(
    detection_id String COMMENT 'sha256, hex, over length-prefixed (tenant, detector, detector_version, kind, subject, metric, anchor).' CODEC(ZSTD(1)),
    revision Int32 COMMENT 'Rises from 1 as the detection grows.' CODEC(ZSTD(1)),
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    detector LowCardinality(String) COMMENT 'loop-detector, drift-detector, anomaly-detector.',
    detector_version Int32 COMMENT 'Version of the detector.' CODEC(ZSTD(1)),
    kind LowCardinality(String) COMMENT 'What was found, such as loop.repeat, drift.hijack, anomaly.level_shift.',
    subject String COMMENT 'The session_id or agent_id that the detection is about.' CODEC(ZSTD(1)),
    agent_id LowCardinality(String) COMMENT 'The agent.',
    agent_version LowCardinality(String) COMMENT 'Version of the agent.',
    session_id String COMMENT 'The session; empty where it is about an agent.' CODEC(ZSTD(1)),
    metric LowCardinality(String) COMMENT 'Of an anomaly: latency, tokens, cost, errors, ...',
    anchor Int64 COMMENT 'first_seq of the episode, or the window''s start in microseconds, frozen when the detection first fires.' CODEC(ZSTD(1)),
    status LowCardinality(String) COMMENT 'OPEN or CLOSED.',
    severity LowCardinality(String) COMMENT 'INFO, WARNING or CRITICAL.',
    score Float64 COMMENT 'How strong the evidence is.' CODEC(ZSTD(1)),
    threshold Float64 COMMENT 'The score from which this is reported.' CODEC(ZSTD(1)),
    confidence Float64 COMMENT '0 to 1.' CODEC(ZSTD(1)),
    first_event_id String COMMENT 'First event of the evidence.' CODEC(ZSTD(1)),
    last_event_id String COMMENT 'Last event of the evidence so far.' CODEC(ZSTD(1)),
    first_seq Int64 COMMENT 'seq of the first event; -1: none.' CODEC(ZSTD(1)),
    last_seq Int64 COMMENT 'seq of the last event so far; -1: none.' CODEC(ZSTD(1)),
    window_start DateTime64(6, 'UTC') COMMENT 'When the episode began, in event time.' CODEC(Delta, ZSTD(1)),
    window_end DateTime64(6, 'UTC') COMMENT 'Event time of the last evidence so far.' CODEC(Delta, ZSTD(1)),
    explanation String COMMENT 'One sentence for a person.' CODEC(ZSTD(1)),
    evidence String COMMENT 'JSON: the signals and steps that decided.' CODEC(ZSTD(1)),
    wasted_tokens Int64 COMMENT 'Estimated tokens burnt in vain.' CODEC(ZSTD(1)),
    wasted_cost_nano_usd Int64 COMMENT 'Estimated cost in vain, billionths of a US dollar.' CODEC(ZSTD(1)),
    wasted_cost_usd Decimal(38, 9) ALIAS toDecimal128(wasted_cost_nano_usd, 9) / 1000000000 COMMENT 'Estimated cost in vain, US dollars.',
    wasted_ms Int64 COMMENT 'Estimated time lost, milliseconds.' CODEC(ZSTD(1)),
    source_topic LowCardinality(String) COMMENT 'Where the record lies that completed the evidence; set by the runtime.',
    source_partition Int32 COMMENT 'Partition of that record.' CODEC(ZSTD(1)),
    source_offset Int64 COMMENT 'Offset of that record.' CODEC(ZSTD(1)),
    source_timestamp DateTime64(3, 'UTC') COMMENT 'LogAppendTime of that record: latency is counted from here.' CODEC(Delta, ZSTD(1)),
    detected_at DateTime64(6, 'UTC') COMMENT 'Wall clock when it was produced; the one field that a replay may change.' CODEC(Delta, ZSTD(1)),
    log_id LowCardinality(String) COMMENT 'One life of the topic: cluster id and epoch.',
    kafka_partition Int32 COMMENT 'Where the record lies.' CODEC(ZSTD(1)),
    kafka_offset Int64 COMMENT 'Where the record lies.' CODEC(Delta, ZSTD(1)),
    kafka_timestamp DateTime64(3, 'UTC') COMMENT 'When the broker appended it.' CODEC(Delta, ZSTD(1)),
    landed_at DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When the row was stored.' CODEC(Delta, ZSTD(1))
)
ENGINE = {{ReplacingMergeTree(revision)}}
ORDER BY (tenant_id, detector, agent_id, session_id, detection_id)
SETTINGS {{dedup_window}}
COMMENT 'Newest revision of each detection, once parts have merged. Read the view detections.';

CREATE MATERIALIZED VIEW IF NOT EXISTS {{database}}.detection_feed {{on_cluster}} TO {{database}}.detection_latest AS
SELECT detection_id, revision, tenant_id, detector, detector_version, kind, subject, agent_id, agent_version, session_id, metric, anchor, status, severity, score, threshold, confidence, first_event_id, last_event_id, first_seq, last_seq, window_start, window_end, explanation, evidence, wasted_tokens, wasted_cost_nano_usd, wasted_ms, source_topic, source_partition, source_offset, source_timestamp, detected_at, log_id, kafka_partition, kafka_offset, kafka_timestamp, landed_at
FROM {{database}}.detection_log;

CREATE TABLE IF NOT EXISTS {{database}}.alert_log {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    fingerprint String COMMENT 'The same for the same trouble.' CODEC(ZSTD(1)),
    revision Int32 COMMENT 'Rises with every change.' CODEC(ZSTD(1)),
    rule LowCardinality(String) COMMENT 'Which rule raised it.',
    state LowCardinality(String) COMMENT 'FIRING, ACKNOWLEDGED or RESOLVED.',
    severity LowCardinality(String) COMMENT 'INFO, WARNING or CRITICAL.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    session_id String COMMENT 'The session; empty where it is about an agent.' CODEC(ZSTD(1)),
    detections Array(String) COMMENT 'detection_ids.' CODEC(ZSTD(1)),
    summary String COMMENT 'One sentence for a person.' CODEC(ZSTD(1)),
    starts_at DateTime64(6, 'UTC') COMMENT 'When the trouble began.' CODEC(Delta, ZSTD(1)),
    ends_at Nullable(DateTime64(6, 'UTC')) COMMENT 'When it was over; NULL: not yet.' CODEC(ZSTD(1)),
    labels Map(String, String) COMMENT 'For routing.' CODEC(ZSTD(1)),
    log_id LowCardinality(String) COMMENT 'One life of the topic: cluster id and epoch.',
    kafka_partition Int32 COMMENT 'Where the record lies.' CODEC(ZSTD(1)),
    kafka_offset Int64 COMMENT 'Where the record lies.' CODEC(Delta, ZSTD(1)),
    kafka_timestamp DateTime64(3, 'UTC') COMMENT 'When the broker appended it.' CODEC(Delta, ZSTD(1)),
    landed_at DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When the row was stored.' CODEC(Delta, ZSTD(1)),
    INDEX by_offset kafka_offset TYPE minmax GRANULARITY 1
)
ENGINE = {{MergeTree}}
PARTITION BY toStartOfMonth(kafka_timestamp)
ORDER BY (tenant_id, fingerprint, revision)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'One row per record of agent.alerts. Read the view alerts for the newest states.';

CREATE TABLE IF NOT EXISTS {{database}}.alert_latest {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    fingerprint String COMMENT 'The same for the same trouble.' CODEC(ZSTD(1)),
    revision Int32 COMMENT 'Rises with every change.' CODEC(ZSTD(1)),
    rule LowCardinality(String) COMMENT 'Which rule raised it.',
    state LowCardinality(String) COMMENT 'FIRING, ACKNOWLEDGED or RESOLVED.',
    severity LowCardinality(String) COMMENT 'INFO, WARNING or CRITICAL.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    session_id String COMMENT 'The session; empty where it is about an agent.' CODEC(ZSTD(1)),
    detections Array(String) COMMENT 'detection_ids.' CODEC(ZSTD(1)),
    summary String COMMENT 'One sentence for a person.' CODEC(ZSTD(1)),
    starts_at DateTime64(6, 'UTC') COMMENT 'When the trouble began.' CODEC(Delta, ZSTD(1)),
    ends_at Nullable(DateTime64(6, 'UTC')) COMMENT 'When it was over; NULL: not yet.' CODEC(ZSTD(1)),
    labels Map(String, String) COMMENT 'For routing.' CODEC(ZSTD(1)),
    log_id LowCardinality(String) COMMENT 'One life of the topic: cluster id and epoch.',
    kafka_partition Int32 COMMENT 'Where the record lies.' CODEC(ZSTD(1)),
    kafka_offset Int64 COMMENT 'Where the record lies.' CODEC(Delta, ZSTD(1)),
    kafka_timestamp DateTime64(3, 'UTC') COMMENT 'When the broker appended it.' CODEC(Delta, ZSTD(1)),
    landed_at DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When the row was stored.' CODEC(Delta, ZSTD(1))
)
ENGINE = {{ReplacingMergeTree(revision)}}
ORDER BY (tenant_id, fingerprint)
SETTINGS {{dedup_window}}
COMMENT 'Newest revision of each alert, once parts have merged. Read the view alerts.';

CREATE MATERIALIZED VIEW IF NOT EXISTS {{database}}.alert_feed {{on_cluster}} TO {{database}}.alert_latest AS
SELECT tenant_id, fingerprint, revision, rule, state, severity, agent_id, session_id, detections, summary, starts_at, ends_at, labels, log_id, kafka_partition, kafka_offset, kafka_timestamp, landed_at
FROM {{database}}.alert_log;

CREATE TABLE IF NOT EXISTS {{database}}.control_log {{on_cluster}}
(
    control_id String COMMENT 'Unique id of the order.' CODEC(ZSTD(1)),
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    session_id String COMMENT 'Empty: every session of the agent.' CODEC(ZSTD(1)),
    action LowCardinality(String) COMMENT 'PAUSE, RESUME or STOP.',
    reason LowCardinality(String) COMMENT 'Why.',
    issued_by LowCardinality(String) COMMENT 'Who ordered it.',
    issued_at DateTime64(6, 'UTC') COMMENT 'When it was ordered.' CODEC(Delta, ZSTD(1)),
    expires_at Nullable(DateTime64(6, 'UTC')) COMMENT 'When it lapses; NULL: never.' CODEC(ZSTD(1)),
    alert_fingerprint String COMMENT 'The alert it answers.' CODEC(ZSTD(1)),
    log_id LowCardinality(String) COMMENT 'One life of the topic: cluster id and epoch.',
    kafka_partition Int32 COMMENT 'Where the record lies.' CODEC(ZSTD(1)),
    kafka_offset Int64 COMMENT 'Where the record lies.' CODEC(Delta, ZSTD(1)),
    kafka_timestamp DateTime64(3, 'UTC') COMMENT 'When the broker appended it.' CODEC(Delta, ZSTD(1)),
    landed_at DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When the row was stored.' CODEC(Delta, ZSTD(1)),
    INDEX by_offset kafka_offset TYPE minmax GRANULARITY 1
)
ENGINE = {{MergeTree}}
PARTITION BY toStartOfMonth(kafka_timestamp)
ORDER BY (tenant_id, session_id, issued_at)
SETTINGS {{dedup_window}}, ttl_only_drop_parts = 1
COMMENT 'One row per record of agent.controls: orders to agents.';
