-- Measures for people. A meter that comes back after a crash says again what it had said since its last checkpoint, row for row; the rows
-- of a topic stay as they are, so every sum over them goes through this view, which takes equal rows of one place for one.

--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.measures_all {{on_cluster}} AS {{database}}.measures ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'measures');

ALTER TABLE {{database}}.measures {{on_cluster}} MODIFY COMMENT 'One row per record of agent.measures: what one partition saw of one agent in one window, or a mark. Rows repeat where a meter was killed: read the view agent_windows for sums.';

CREATE OR REPLACE VIEW {{database}}.agent_windows {{on_cluster}}
(
    tenant_id LowCardinality(String) COMMENT 'Whose fleet this is.',
    agent_id LowCardinality(String) COMMENT 'The agent.',
    agent_version LowCardinality(String) COMMENT 'Version of the agent.',
    window_start DateTime64(6, 'UTC') COMMENT 'Start of the window, event time.',
    window_end DateTime64(6, 'UTC') COMMENT 'End of the window.',
    events Int64 COMMENT 'Events counted.',
    late_events Int64 COMMENT 'Events that came too late for their window, and are in no sum.',
    errors Int64 COMMENT 'Events of any kind with status ERROR or TIMEOUT.',
    llm_calls Int64 COMMENT 'Finished model calls.',
    llm_errors Int64 COMMENT 'Model calls that ended in ERROR or TIMEOUT.',
    tool_calls Int64 COMMENT 'Calls of tools, retrievals among them.',
    tool_errors Int64 COMMENT 'Tool calls that failed.',
    sessions Int64 COMMENT 'Sessions of which something was seen in this window.',
    sessions_started Int64 COMMENT 'Sessions that started.',
    sessions_ended Int64 COMMENT 'Sessions that ended.',
    input_tokens Int64 COMMENT 'Tokens read by models.',
    output_tokens Int64 COMMENT 'Tokens written by models.',
    cost_usd Float64 COMMENT 'US dollars.',
    duration_ms Int64 COMMENT 'Sum over calls that carried one.',
    kinds Map(String, Int64) COMMENT 'Events by kind.',
    statuses Map(String, Int64) COMMENT 'Events by status.',
    tools Map(String, Int64) COMMENT 'Tool calls by name; beyond a bound under ''(other)''.'
)
AS SELECT
    m.tenant_id AS tenant_id, m.agent_id AS agent_id, m.agent_version AS agent_version, m.window_start AS window_start, m.window_end AS window_end,
    sum(m.events) AS events, sum(m.late_events) AS late_events, sum(m.errors) AS errors, sum(m.llm_calls) AS llm_calls, sum(m.llm_errors) AS llm_errors,
    sum(m.tool_calls) AS tool_calls, sum(m.tool_errors) AS tool_errors, sum(m.sessions) AS sessions, sum(m.sessions_started) AS sessions_started,
    sum(m.sessions_ended) AS sessions_ended, sum(m.input_tokens) AS input_tokens, sum(m.output_tokens) AS output_tokens,
    sum(m.cost_nano_usd) / 1e9 AS cost_usd, sum(m.duration_ms) AS duration_ms, sumMap(m.kinds) AS kinds, sumMap(m.statuses) AS statuses, sumMap(m.tools) AS tools
FROM
(
    SELECT DISTINCT * EXCEPT (kafka_offset, kafka_timestamp, landed_at) REPLACE (mapSort(kinds) AS kinds, mapSort(statuses) AS statuses, mapSort(tools) AS tools)
    FROM {{database}}.measures{{all}} WHERE record_kind = 'MEASURE'
) AS m
GROUP BY m.tenant_id, m.agent_id, m.agent_version, m.window_start, m.window_end
COMMENT 'What each agent did in each window of the meter, over all partitions; a window is here once it has closed.';
