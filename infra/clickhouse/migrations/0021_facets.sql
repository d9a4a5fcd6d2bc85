-- What agents of version 2 of AgentEvent tell of contents that stay with them. Rows of before, and of emitters of before, have none.

ALTER TABLE {{database}}.events {{on_cluster}}
    ADD COLUMN IF NOT EXISTS input_facets String COMMENT 'Of an input that stayed with the agent: its arguments one by one, as tenant-keyed hashes.' CODEC(ZSTD(1)) AFTER output_sketch,
    ADD COLUMN IF NOT EXISTS output_facets String COMMENT 'Of an output that stayed with the agent: words of its first line and head, pairs of words, as tenant-keyed hashes.' CODEC(ZSTD(1)) AFTER input_facets;
--@cluster
ALTER TABLE {{database}}.events_all {{on_cluster}}
    ADD COLUMN IF NOT EXISTS input_facets String COMMENT 'Of an input that stayed with the agent: its arguments one by one, as tenant-keyed hashes.' AFTER output_sketch,
    ADD COLUMN IF NOT EXISTS output_facets String COMMENT 'Of an output that stayed with the agent: words of its first line and head, pairs of words, as tenant-keyed hashes.' AFTER input_facets;
