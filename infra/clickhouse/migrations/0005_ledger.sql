-- The ledger: what proves that every acknowledged record was landed once.

CREATE TABLE IF NOT EXISTS {{database}}.ledger {{on_cluster}}
(
    log_id          LowCardinality(String) COMMENT 'One life of the topic: cluster id and epoch.',
    topic           LowCardinality(String) COMMENT 'The topic, without prefix.',
    kafka_partition Int32 COMMENT 'Partition of the topic.',
    first_offset    Int64 COMMENT 'First offset of the block.' CODEC(Delta, ZSTD(1)),
    last_offset     Int64 COMMENT 'Last offset of the block; the next block begins right after it.' CODEC(Delta, ZSTD(1)),
    landed_rows     Int64 COMMENT 'Rows stored.' CODEC(T64, ZSTD(1)),
    dead_letters    Int64 COMMENT 'Records sent to the dead letters.' CODEC(T64, ZSTD(1)),
    holes           Int64 COMMENT 'Offsets without a record: transaction markers, compaction.' CODEC(T64, ZSTD(1)),
    lost            Int64 COMMENT 'Offsets that retention removed before they were read, and that a person accepted.' CODEC(T64, ZSTD(1)),
    first_timestamp DateTime64(3, 'UTC') COMMENT 'Append time of the oldest record of the block.' CODEC(Delta, ZSTD(1)),
    last_timestamp  DateTime64(3, 'UTC') COMMENT 'Append time of the newest record of the block.' CODEC(Delta, ZSTD(1)),
    stored_at       DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When this receipt was written.' CODEC(Delta, ZSTD(1))
)
ENGINE = {{ReplacingMergeTree}}
ORDER BY (log_id, topic, kafka_partition, first_offset)
SETTINGS {{dedup_window}}
COMMENT 'Receipts: one row per landed block. They outlive the rows, and tile the log without a gap.';

CREATE TABLE IF NOT EXISTS {{database}}.log_lives {{on_cluster}}
(
    cluster_id String COMMENT 'Id of the Kafka cluster, with the topic prefix where there is one.',
    epoch      UInt32 COMMENT 'Rises when the log was made anew and a person said so.',
    log_id     String DEFAULT concat(cluster_id, '@', toString(epoch)) COMMENT 'What rows of this life carry.',
    began_at   DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When this life was first seen.'
)
ENGINE = {{ReplacingMergeTree}}
ORDER BY (cluster_id, epoch)
COMMENT 'Lives of the log: a log_id is cluster id and epoch.';
