-- A topic's lives: which topic of Kafka (by its id) the rows of a log_id came from. A topic that is made anew begins a new life when a person says so.

CREATE TABLE IF NOT EXISTS {{database}}.topic_lives {{on_cluster}}
(
    cluster_id String COMMENT 'Id of the Kafka cluster, with the topic prefix where there is one.',
    topic      String COMMENT 'The topic, without prefix.',
    epoch      UInt32 COMMENT 'Rises when the topic was made anew and a person said so.',
    topic_id   String COMMENT 'Kafka''s own id of the topic, hex; empty: the broker gave none.',
    log_id     String DEFAULT concat(cluster_id, '@', toString(epoch)) COMMENT 'What rows of this life carry.',
    began_at   DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'When this life was first seen.'
)
ENGINE = {{ReplacingMergeTree}}
ORDER BY (cluster_id, topic, epoch)
COMMENT 'Lives of each topic: a log_id is cluster id and epoch.';
