// What a baseline is: a simple rule that a detector has to beat. Shipped for evaluation alone.

/** A rule over the events of one session, which it takes in order. Pure: no clock, no randomness, nothing outside the session. */
export interface Baseline<Input> {
  readonly name: string;
  /**
   * Begins a session. What it returns says how strongly the rule holds at an event (from 1 on it fires), or undefined where the event is
   * none that the rule judges.
   */
  start(): (event: Input) => number | undefined;
}
