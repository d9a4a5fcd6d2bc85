-- Only on a cluster: one door to every shard for each table that the views read ({{all}} is empty elsewhere).
-- Landing writes the local tables: the dedup token must meet the replica that remembers it.

--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.events_all {{on_cluster}} AS {{database}}.events ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'events');
--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.agent_minute_all {{on_cluster}} AS {{database}}.agent_minute ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'agent_minute');
--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.tool_minute_all {{on_cluster}} AS {{database}}.tool_minute ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'tool_minute');
--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.model_hour_all {{on_cluster}} AS {{database}}.model_hour ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'model_hour');
--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.session_parts_all {{on_cluster}} AS {{database}}.session_parts ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'session_parts');
--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.detection_latest_all {{on_cluster}} AS {{database}}.detection_latest ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'detection_latest');
--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.alert_latest_all {{on_cluster}} AS {{database}}.alert_latest ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'alert_latest');
--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.dead_letters_all {{on_cluster}} AS {{database}}.dead_letters ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'dead_letters');
--@cluster
CREATE TABLE IF NOT EXISTS {{database}}.ledger_all {{on_cluster}} AS {{database}}.ledger ENGINE = Distributed('{{cluster}}', '{{database_text}}', 'ledger');
