-- The ledger in SQL: what receipts say beside what is there. Kafka's side (ends, commits) is known to `watchkeeper doctor ledger` alone.

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
    missing Int64 COMMENT 'Offsets between the blocks that no block accounts for; must be 0.',
    twice Int64 COMMENT 'Offsets that more than one block accounts for; must be 0.'
)
AS SELECT b.log_id AS log_id, b.topic AS topic, b.kafka_partition AS kafka_partition, min(b.first_offset) AS first_offset, max(b.last_offset) AS last_offset,
    count() AS blocks, sum(b.landed_rows) AS landed_rows, sum(b.dead_letters) AS dead_letters, sum(b.holes) AS holes, sum(b.lost) AS lost,
    sum(greatest(b.first_offset - b.before - 1, 0)) AS missing, sum(greatest(least(b.before, b.last_offset) - b.first_offset + 1, 0)) AS twice
FROM
(
    SELECT l.log_id, l.topic, l.kafka_partition, l.first_offset, l.last_offset, l.landed_rows, l.dead_letters, l.holes, l.lost,
        ifNull(max(toNullable(l.last_offset)) OVER (PARTITION BY l.log_id, l.topic, l.kafka_partition ORDER BY l.first_offset
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), l.first_offset - 1) AS before
    FROM {{database}}.ledger{{all}} AS l FINAL
) AS b
GROUP BY b.log_id, b.topic, b.kafka_partition
COMMENT 'Receipts of landing, summed by partition.';

CREATE OR REPLACE VIEW {{database}}.ledger_faults {{on_cluster}}
(
    log_id LowCardinality(String) COMMENT 'One life of the topic.',
    topic LowCardinality(String) COMMENT 'The topic.',
    kafka_partition Int32 COMMENT 'Partition of the topic.',
    first_offset Int64 COMMENT 'First offset of the block.',
    last_offset Int64 COMMENT 'Last offset of the block.',
    receipt_rows Int64 COMMENT 'Rows that the receipt says were stored.',
    rows_there UInt64 COMMENT 'Rows that are there.',
    offsets_there UInt64 COMMENT 'Different offsets among them; fewer than receipt_rows: rows are gone; fewer than rows_there: rows are there twice.'
)
AS SELECT r.log_id AS log_id, r.topic AS topic, r.kafka_partition AS kafka_partition, r.first_offset AS first_offset, r.last_offset AS last_offset,
    r.landed_rows AS receipt_rows, sum(s.n) AS rows_there, sum(s.distinct_n) AS offsets_there
FROM
(
    SELECT log_id, topic, kafka_partition, first_offset, last_offset, landed_rows FROM {{database}}.ledger FINAL
    WHERE first_timestamp >= now() - toIntervalDay(1) AND landed_rows > 0
) AS r
LEFT JOIN
(
    SELECT log_id, topic, kafka_partition, first_offset, count() AS n, uniqExact(kafka_offset) AS distinct_n
    FROM
    (
        SELECT o.log_id AS log_id, o.topic AS topic, o.kafka_partition AS kafka_partition, o.kafka_offset AS kafka_offset, b.first_offset AS first_offset
        FROM
        (
            SELECT toString(log_id) AS log_id, 'agent.events' AS topic, kafka_partition, kafka_offset FROM {{database}}.events WHERE kafka_timestamp >= now() - toIntervalDay(1)
            UNION ALL SELECT toString(log_id), 'agent.measures', kafka_partition, kafka_offset FROM {{database}}.measures WHERE kafka_timestamp >= now() - toIntervalDay(1)
            UNION ALL SELECT toString(log_id), 'agent.detections', kafka_partition, kafka_offset FROM {{database}}.detection_log WHERE kafka_timestamp >= now() - toIntervalDay(1)
            UNION ALL SELECT toString(log_id), 'agent.alerts', kafka_partition, kafka_offset FROM {{database}}.alert_log WHERE kafka_timestamp >= now() - toIntervalDay(1)
            UNION ALL SELECT toString(log_id), 'agent.controls', kafka_partition, kafka_offset FROM {{database}}.control_log WHERE kafka_timestamp >= now() - toIntervalDay(1)
            UNION ALL SELECT toString(log_id), 'agent.dead-letters', kafka_partition, kafka_offset FROM {{database}}.dead_letters WHERE kafka_timestamp >= now() - toIntervalDay(1)
        ) AS o
        ASOF JOIN
        (
            SELECT toString(log_id) AS log_id, toString(topic) AS topic, kafka_partition, first_offset FROM {{database}}.ledger FINAL
            WHERE last_timestamp >= now() - toIntervalDay(2)
        ) AS b ON b.log_id = o.log_id AND b.topic = o.topic AND b.kafka_partition = o.kafka_partition AND b.first_offset <= o.kafka_offset
    )
    GROUP BY log_id, topic, kafka_partition, first_offset
) AS s ON s.log_id = toString(r.log_id) AND s.topic = toString(r.topic) AND s.kafka_partition = r.kafka_partition AND s.first_offset = r.first_offset
GROUP BY r.log_id, r.topic, r.kafka_partition, r.first_offset, r.last_offset, r.landed_rows
HAVING rows_there != receipt_rows OR offsets_there != receipt_rows
COMMENT 'Blocks of the last day whose rows are not all there, or there twice; must be empty.';
