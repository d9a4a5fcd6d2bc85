// @watchkeeper/emitter: what an agent's author uses.

export { createEmitter, type Emitter, type EmitterStats } from './emitter.js';
export type { EmitterOptions } from './options.js';
export type { Session } from './session.js';
export type * from './step.js';
export type { ContentField, Redact } from './content.js';
export type { DropReason, OutboxStats } from './outbox.js';
export { MemoryTransport, type EventRecord, type Transport } from './transport.js';
export { kafkaTransport, type KafkaTransportOptions } from './kafka-transport.js';
export { recordsRejected } from './errors.js';
