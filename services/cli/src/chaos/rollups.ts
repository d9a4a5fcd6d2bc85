// Do the rollups say what the events say?

import type { Sql } from '../clickhouse.js';

/** Each with its keys and sums, and the same made from events. */
const ROLLUPS: readonly { readonly kept: string; readonly made: string }[] = [
  {
    kept: 'SELECT tenant_id, agent_id, agent_version, minute, sum(events) AS n, sum(errors) AS e, sum(input_tokens) AS i, sum(output_tokens) AS o, sum(cost_nano_usd) AS c FROM agent_minute GROUP BY 1, 2, 3, 4',
    made: "SELECT tenant_id, agent_id, agent_version, toStartOfMinute(occurred_at) AS minute, count() AS n, countIf(status IN ('ERROR', 'TIMEOUT')) AS e, sum(input_tokens) AS i, sum(output_tokens) AS o, sum(cost_nano_usd) AS c FROM events GROUP BY 1, 2, 3, 4",
  },
  {
    kept: 'SELECT tenant_id, agent_id, name, minute, sum(calls) AS n FROM (SELECT *, tool AS name FROM tool_minute) GROUP BY 1, 2, 3, 4',
    made: "SELECT tenant_id, agent_id, name, toStartOfMinute(occurred_at) AS minute, count() AS n FROM events WHERE kind = 'TOOL_CALL' AND phase != 'START' GROUP BY 1, 2, 3, 4",
  },
  {
    kept: 'SELECT tenant_id, agent_id, provider, model, hour, sum(calls) AS n FROM model_hour GROUP BY 1, 2, 3, 4, 5',
    made: "SELECT tenant_id, agent_id, provider, model, toStartOfHour(occurred_at) AS hour, count() AS n FROM events WHERE kind = 'LLM_CALL' AND phase != 'START' GROUP BY 1, 2, 3, 4, 5",
  },
  {
    kept: 'SELECT tenant_id, session_id, sum(events) AS n FROM session_parts GROUP BY 1, 2',
    made: 'SELECT tenant_id, session_id, count() AS n FROM events GROUP BY 1, 2',
  },
];

/** True where every group of every rollup is what its events add up to. */
export async function rollupsEqual(sql: Sql): Promise<boolean> {
  for (const { kept, made } of ROLLUPS) {
    const [row] = await sql.rows<{ n: string }>(
      `SELECT (SELECT count() FROM (${kept} EXCEPT ${made})) + (SELECT count() FROM (${made} EXCEPT ${kept})) AS n`,
    );
    if (Number(row?.n ?? 1) !== 0) return false;
  }
  return true;
}
