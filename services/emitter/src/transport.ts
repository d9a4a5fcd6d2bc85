// The way out of the emitter: a port, so that tests and simulators can stand in for Kafka.

/** One event, ready for the topic agent.events. */
export interface EventRecord {
  /** tupleKey(tenant, session). */
  readonly key: Buffer;
  /** Confluent's wire format. */
  readonly value: Buffer;
}

/** Calls never overlap. A rejected promise means "not delivered, try again"; recordsRejected() means "these never, and the others are delivered". */
export interface Transport {
  send(records: readonly EventRecord[]): Promise<void>;
  /** Gives up connections; a later send opens them again. */
  close?(): Promise<void>;
}

/** Keeps what it is sent; for tests. */
export class MemoryTransport implements Transport {
  readonly records: EventRecord[] = [];

  send(records: readonly EventRecord[]): Promise<void> {
    // Values lie in shared slabs: a test that keeps them wants its own bytes.
    for (const { key, value } of records) this.records.push({ key, value: Buffer.from(value) });
    return Promise.resolve();
  }
}
