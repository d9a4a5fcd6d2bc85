// Where each topic lands: the table, the schema its records must have, and which columns have another name there.

import type { SchemaName } from '@watchkeeper/schemas';

/** One topic's way into ClickHouse. */
export interface Target {
  /** Without prefix. */
  readonly topic: string;
  readonly table: string;
  readonly schema: SchemaName;
  /** `signals`: waited for by people, lands within the short linger. `events`: lands in big blocks. */
  readonly lane: 'events' | 'signals';
  /** Field to column, where they differ. */
  readonly renamed: Readonly<Record<string, string>>;
}

export const TARGETS: readonly Target[] = [
  { topic: 'agent.events', table: 'events', schema: 'AgentEvent', lane: 'events', renamed: {} },
  { topic: 'agent.measures', table: 'measures', schema: 'Measure', lane: 'events', renamed: {} },
  // The letter's log_id is that of the topic it speaks of; the row's own is that of agent.dead-letters.
  {
    topic: 'agent.dead-letters',
    table: 'dead_letters',
    schema: 'DeadLetter',
    lane: 'events',
    renamed: { log_id: 'source_log_id' },
  },
  { topic: 'agent.detections', table: 'detection_log', schema: 'Detection', lane: 'signals', renamed: {} },
  { topic: 'agent.alerts', table: 'alert_log', schema: 'Alert', lane: 'signals', renamed: {} },
  { topic: 'agent.controls', table: 'control_log', schema: 'Control', lane: 'signals', renamed: {} },
];
