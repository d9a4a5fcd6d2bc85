// What the ledger is about: each topic, the table it lands in, and the group that lands it.

/** One topic's way into ClickHouse, as far as an audit must know it. */
export interface Audited {
  readonly topic: string;
  readonly table: string;
  readonly group: string;
}

export const DEAD_LETTERS = 'agent.dead-letters';

/** The dead letters come last: those that a receipt of another topic speaks of were sent before. */
export const AUDITED: readonly Audited[] = [
  { topic: 'agent.events', table: 'events', group: 'landing.events' },
  { topic: 'agent.measures', table: 'measures', group: 'landing.events' },
  { topic: 'agent.detections', table: 'detection_log', group: 'landing.signals' },
  { topic: 'agent.alerts', table: 'alert_log', group: 'landing.signals' },
  { topic: 'agent.controls', table: 'control_log', group: 'landing.signals' },
  { topic: DEAD_LETTERS, table: 'dead_letters', group: 'landing.events' },
];
