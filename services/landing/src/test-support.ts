// What landing's tests share: events and their bytes, leases, and a store in memory with the engine's dedup.

import type { Batch, BadRecord, Lease, LogRecord } from '@watchkeeper/runtime';
import {
  catalogue,
  encodeWire,
  writerTypes,
  type AgentEvent,
  type SchemaName,
  type WriterTypeOf,
} from '@watchkeeper/schemas';
import type { Insert, Receipt, Store, StoreOutcome } from './store.js';

/** The present hour: rows of a fixed past would have outlived their TTL one day. */
export const NOW_MS = Math.floor(Date.now() / 3_600_000) * 3_600_000;

/** A plausible event; `seq` also makes its id. */
export function anEvent(seq: number, over: Partial<AgentEvent> = {}): AgentEvent {
  return {
    event_id: `event-${seq}`,
    tenant_id: 'tenant-a',
    session_id: 'session-1',
    seq,
    agent_id: 'agent-1',
    agent_version: '1.0',
    trace_id: '',
    span_id: '',
    parent_span_id: '',
    occurred_at: NOW_MS * 1000 + seq * 1_000_000,
    kind: 'TOOL_CALL',
    phase: 'POINT',
    actor: 'AGENT',
    role: '',
    recipient: '',
    name: 'search',
    status: 'OK',
    error_type: '',
    error_message: '',
    input: `{"q":"${seq}"}`,
    output: 'found',
    input_fingerprint: Buffer.alloc(16),
    output_fingerprint: Buffer.alloc(16),
    input_sketch: Buffer.alloc(0),
    output_sketch: Buffer.alloc(0),
    content_level: 'FULL',
    truncated: false,
    duration_ms: 20,
    time_to_first_token_ms: null,
    provider: '',
    model: '',
    input_tokens: 100,
    output_tokens: 10,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
    cost_nano_usd: 1_000_000,
    score: null,
    label: '',
    goal: '',
    plan_revision: 0,
    attributes: { env: 'test' },
    ...over,
  };
}

export const idOf = (schema: SchemaName): number => catalogue.find((entry) => entry.schema === schema)?.id ?? -1;

export const writerTypeOf: WriterTypeOf = (schemaId) => {
  const entry = catalogue.find((one) => one.id === schemaId);
  return entry && writerTypes[entry.schema];
};

export const eventBytes = (event: AgentEvent): Buffer => encodeWire(idOf('AgentEvent'), writerTypes.AgentEvent, event);

export const aRecord = (offset: number, value: Buffer | null, timestampMs = NOW_MS + offset): LogRecord => ({
  offset,
  timestampMs,
  key: Buffer.from('key'),
  value,
  headers: {},
});

/** Good records with these offsets. */
export const goodRecords = (offsets: readonly number[]): LogRecord[] =>
  offsets.map((offset) => aRecord(offset, eventBytes(anEvent(offset))));

export const aBatch = (records: readonly LogRecord[], nextOffset: number, partition = 0): Batch => ({
  topic: 'agent.events',
  partition,
  records,
  nextOffset,
  highWatermark: nextOffset,
});

/** A lease that keeps what was committed. */
export interface FakeLease extends Lease {
  committed: { offset: number; metadata: string } | undefined;
}

export function fakeLease(committed?: { offset: number; metadata: string }): FakeLease {
  const lease: FakeLease = {
    committed,
    commit: (offset, metadata = '') => {
      lease.committed = { offset, metadata };
      return Promise.resolve();
    },
    heartbeat: () => Promise.resolve(),
    msSinceHeartbeat: () => 0,
    sessionTimeoutMs: 30_000,
    signal: new AbortController().signal,
  };
  return lease;
}

/** Dead letters that were acknowledged. */
export function fakeDeadLetters(): { sent: BadRecord[]; send(bad: readonly BadRecord[]): Promise<void>; note(): void } {
  const sent: BadRecord[] = [];
  return {
    sent,
    send: (bad) => {
      sent.push(...bad);
      return Promise.resolve();
    },
    note: () => undefined,
  };
}

/** Offsets in a container: each message's block begins with count, size, partition, offset. */
export type OffsetsOf = (body: Buffer) => readonly number[];

/** ClickHouse's promise in memory: a token is stored once per table and once per view, and a crash may part the two. */
export class MemoryStore implements Store {
  readonly rows: number[] = [];
  readonly viewRows: number[] = [];
  readonly receipts = new Map<number, Receipt>();
  readonly #tokens = new Set<string>();
  readonly #offsetsOf: OffsetsOf;
  /** Called before each of an insert's steps; may throw. */
  step: (name: string) => void = () => undefined;
  /** What the next calls answer instead. */
  answers: StoreOutcome[] = [];

  constructor(offsetsOf: OffsetsOf) {
    this.#offsetsOf = offsetsOf;
  }

  insert({ body, token }: Insert): Promise<StoreOutcome> {
    const answer = this.answers.shift();
    if (answer !== undefined) return Promise.resolve(answer);
    this.step('insert');
    if (!this.#tokens.has(token)) this.rows.push(...this.#offsetsOf(body));
    this.#tokens.add(token);
    this.step('view');
    if (!this.#tokens.has(`${token} view`)) this.viewRows.push(...this.#offsetsOf(body));
    this.#tokens.add(`${token} view`);
    this.step('answer');
    return Promise.resolve({ kind: 'stored' });
  }

  parse(): Promise<StoreOutcome> {
    return Promise.resolve({ kind: 'stored' });
  }

  putReceipt(receipt: Receipt): Promise<StoreOutcome> {
    this.step('receipt');
    this.receipts.set(receipt.first, receipt);
    this.step('receipt-answer');
    return Promise.resolve({ kind: 'stored' });
  }

  landedTo(): Promise<ReadonlyMap<number, number>> {
    return Promise.resolve(new Map());
  }
}
