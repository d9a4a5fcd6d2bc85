// The SDK's entry: createEmitter wires content, encoding, buffer and transport; sessions record through it.

import { randomBytes, randomUUID } from 'node:crypto';
import { openSchemaIds, tupleKey, type EventKind, type SchemaIds } from '@watchkeeper/schemas';
import { contentPolicy, type ContentPolicy } from './content.js';
import { EventEncoder, stampSchemaId } from './encoder.js';
import { wrongOptions } from './errors.js';
import { bound, contentLevelOf, maxContentBytesOf, transportOf, type EmitterOptions } from './options.js';
import { Outbox, type OutboxStats } from './outbox.js';
import { eventRecord } from './record.js';
import { Session, startOf } from './session.js';
import type { SessionStep, Step } from './step.js';
import type { EventRecord } from './transport.js';
import { shortText } from './values.js';

export interface EmitterStats extends OutboxStats {
  /** Steps that were recorded, also those dropped later. */
  readonly recorded: number;
  /** Contents that were left out because the redaction failed. */
  readonly redactFailures: number;
}

/** Records sessions of one agent. Nothing but createEmitter throws, and nothing waits but flush, room and close. */
export interface Emitter {
  /** Opens a session and records its start. */
  session(options?: SessionStep): Session;
  stats(): EmitterStats;
  /** Sends what is kept. True when all of it was delivered (or refused) within `ms` (5 s unless given). */
  flush(ms?: number): Promise<boolean>;
  /** Resolves when the buffer is at most half full: for replays, which would rather wait than drop. */
  room(): Promise<void>;
  /** Flushes for up to `ms` (5 s unless given), then lets go of the connection. What is recorded later is dropped and counted. */
  close(ms?: number): Promise<void>;
}

const FLUSH_MS = 5_000;
/** Below the 8 MiB that agent.events takes. */
const MAX_EVENT_BYTES = 8 * 1024 * 1024 - 65_536;

/**
 * An emitter for one agent. `beforeExit` flushes what is left when the process runs out of work; process.exit() and signals need an awaited
 * close(). Throws WK_EMITTER_OPTIONS where tenantId, agentId, the way to Kafka or the redaction is missing.
 */
export function createEmitter(options: EmitterOptions): Emitter {
  if (!options.tenantId) throw wrongOptions('it needs a tenantId');
  if (!options.agentId) throw wrongOptions('it needs an agentId');
  return new EmitterOverOutbox(options);
}

class EmitterOverOutbox implements Emitter {
  readonly #tenantId: string;
  readonly #agentId: string;
  readonly #agentVersion: string;
  readonly #content: ContentPolicy;
  readonly #outbox: Outbox;
  readonly #encoder = new EventEncoder();
  readonly #nowMicros: () => number;
  readonly #onNotice: (notice: string) => void;
  readonly #said = new Set<string>();
  /** Begins every event id of this emitter. */
  readonly #instance = randomBytes(9).toString('base64url');
  #recorded = 0;
  #redactFailures = 0;
  #triedAtExit = -1;
  /** One try for what is left: the event comes again after it, and an agent without a log must come to its end. */
  readonly #flushAtExit = (): void => {
    if (this.#triedAtExit === this.#recorded || this.#outbox.stats.buffered === 0) return;
    this.#triedAtExit = this.#recorded;
    void this.flush();
  };

  constructor(options: EmitterOptions) {
    this.#tenantId = shortText(options.tenantId);
    this.#agentId = shortText(options.agentId);
    this.#agentVersion = shortText(options.agentVersion);
    this.#nowMicros = options.nowMicros ?? (() => Math.round((performance.timeOrigin + performance.now()) * 1000));
    this.#onNotice = options.onNotice ?? ((notice) => process.emitWarning(notice, 'WatchkeeperEmitter'));
    const level = contentLevelOf(options);
    this.#content = contentPolicy({
      level,
      maxBytes: maxContentBytesOf(options),
      redact: options.redact ?? (() => ''),
      key: options.sketchKey ?? this.#tenantId,
      onRedactFailure: (error) => {
        this.#redactFailures++;
        this.#sayOnce('redact', `The redaction failed (${String(error)}): contents are left out until it works.`);
      },
    });
    this.#outbox = new Outbox({
      transport: transportOf(options),
      prepare: idStamper(options),
      maxEvents: bound(options.bufferEvents, 50_000),
      maxBytes: bound(options.bufferBytes, 64 * 1024 * 1024),
      maxEventBytes: MAX_EVENT_BYTES,
      flushMs: bound(options.flushMs, 100),
      idleMs: bound(options.idleMs, 10_000),
      retryMs: bound(options.retryMs, 250),
      notice: (notice) => this.#say(notice),
    });
    process.on('beforeExit', this.#flushAtExit);
  }

  session(wanted?: SessionStep | null): Session {
    const options = wanted ?? {};
    const given = shortText(options.sessionId);
    const id = given === '' ? randomUUID() : given;
    const identity = {
      id,
      agentId: options.agentId === undefined ? this.#agentId : shortText(options.agentId),
      agentVersion: options.agentVersion === undefined ? this.#agentVersion : shortText(options.agentVersion),
      traceId: shortText(options.traceId),
      key: Buffer.from(tupleKey(this.#tenantId, id)),
    };
    const session = new Session(identity, bound(options.nextSeq, 0), this.#record);
    if (options.resumed !== true) session.record('SESSION_STARTED', startOf(options));
    return session;
  }

  stats(): EmitterStats {
    return { ...this.#outbox.stats, recorded: this.#recorded, redactFailures: this.#redactFailures };
  }

  flush(ms = FLUSH_MS): Promise<boolean> {
    return this.#outbox.flush(ms);
  }

  room(): Promise<void> {
    return this.#outbox.room();
  }

  async close(ms = FLUSH_MS): Promise<void> {
    process.off('beforeExit', this.#flushAtExit);
    await this.#outbox.close(ms);
  }

  readonly #record = (session: Session, kind: EventKind, step: Step): void => {
    this.#recorded++;
    try {
      const { eventId, occurredAtMicros } = step;
      const place = {
        kind,
        eventId: eventId === undefined ? `${this.#instance}-${this.#recorded.toString(36)}` : shortText(eventId),
        seq: session.takeSeq(step.seq),
        occurredAtMicros: Number.isSafeInteger(occurredAtMicros) ? (occurredAtMicros as number) : this.#nowMicros(),
      };
      const context = {
        tenantId: this.#tenantId,
        sessionId: session.id,
        agentId: session.agentId,
        agentVersion: session.agentVersion,
        traceId: session.traceId,
        content: this.#content,
      };
      this.#outbox.offer({ key: session.key, value: this.#encoder.encode(eventRecord(step, place, context)) });
    } catch (error) {
      // A getter that throws, or a fault of ours: the agent must not notice.
      this.#outbox.drop('unrecordable');
      this.#sayOnce(
        'unrecordable',
        `A ${kind} step could not be recorded (${String(error)}): such steps are dropped and counted.`,
      );
    }
  };

  #sayOnce(subject: string, notice: string): void {
    if (this.#said.has(subject)) return;
    this.#said.add(subject);
    this.#say(notice);
  }

  #say(notice: string): void {
    try {
      this.#onNotice(notice);
    } catch {
      // The agent's own logger failed; there is nobody left to tell.
    }
  }
}

/** Sets the schema id of each record right before it is sent; the ids are opened at the first send, and again where that failed. */
function idStamper(options: EmitterOptions): (records: readonly EventRecord[]) => Promise<void> {
  let ids: Promise<SchemaIds> | undefined = options.schemaIds && Promise.resolve(options.schemaIds);
  return async (records) => {
    ids ??= openSchemaIds({
      ...(options.registryUrl !== undefined && { registryUrl: options.registryUrl }),
      writes: ['AgentEvent'],
    });
    let opened: SchemaIds;
    try {
      opened = await ids;
    } catch (error) {
      ids = undefined;
      throw error;
    }
    const id = opened.idOf('AgentEvent');
    for (const { value } of records) stampSchemaId(value, id);
  };
}
