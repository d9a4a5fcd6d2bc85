// What a role is: a value that says what it reads, how it thinks and what it writes.

import type { SchemaIds, SchemaName, View, WriterTypeOf } from '@watchkeeper/schemas';
import type { z } from 'zod';
import type { CommonSettings } from './common-settings.js';
import type { Clock, Lane, LogAdmin, LogProducer, TopicReader } from './contract.js';
import type { DeadLetters } from './dead-letters.js';
import type { Logger } from './log.js';
import type { Metrics } from './metrics.js';
import type { StateStore } from './state-store.js';

/** A topic as a role writes it: every value is a record of one schema. */
export interface TopicWriter {
  readonly topic: string;
  readonly schema: SchemaName;
}

/** A topic to read by a view, or to write by a schema's name. */
export function topic<V>(name: string, view: View<V>): TopicReader<V>;
export function topic(name: string, schema: SchemaName): TopicWriter;
export function topic<V>(name: string, what: View<V> | SchemaName): TopicReader<V> | TopicWriter {
  return typeof what === 'string' ? { topic: name, schema: what } : { topic: name, view: what };
}

/** All that a role's process is given. */
export interface RoleContext {
  readonly role: string;
  readonly settings: CommonSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly producer: LogProducer;
  readonly admin: LogAdmin;
  readonly deadLetters: DeadLetters;
  readonly states: StateStore;
  /** What a schema id means, from the registry or the catalogue. */
  readonly schemas: SchemaIds;
  /** The same as `schemas.writerTypeOf`. */
  readonly writerTypeOf: WriterTypeOf;
  /** A value in the wire format, with the id that the registry or the catalogue gives the newest version. */
  encode(schema: SchemaName, record: unknown): Buffer;
  /** Aborted when the role stops. */
  readonly signal: AbortSignal;
}

/** What a role reads and writes, for a processor. */
export interface RoleTopics<V> {
  readonly reads: readonly TopicReader<V>[];
  readonly writes: TopicWriter | undefined;
}

/** How a role processes: {@link perKey}, {@link perRecord} or {@link perBlock}. */
export interface Processor<V> {
  lanes(context: RoleContext, topics: RoleTopics<V>): Promise<readonly Lane[]>;
  /** After the lanes have stopped: release what `lanes` opened. */
  close?(): Promise<void>;
}

export interface RoleSpec<S extends z.ZodObject, V> {
  /** Consumer group, metrics label and CLI name. */
  readonly name: string;
  /** Its keys are the variables' names; a description each. */
  readonly settings: S;
  /** Variables that begin so are this role's: an unknown one stops the start. e.g. LOOP_ */
  readonly settingsPrefix: string;
  readonly reads: TopicReader<V> | readonly TopicReader<V>[];
  readonly writes?: TopicWriter;
  readonly process: (settings: z.output<S> & CommonSettings) => Processor<V>;
}

/** A role, whatever it reads. */
export interface Role {
  readonly name: string;
  readonly settings: z.ZodObject;
  readonly settingsPrefix: string;
  readonly reads: readonly string[];
  readonly writes: string | undefined;
  /** `settings` are checked ones of this role's schema and the common one. */
  start(settings: Readonly<Record<string, unknown>> & CommonSettings): {
    lanes(context: RoleContext): Promise<readonly Lane[]>;
    close(): Promise<void>;
  };
}

/** Makes a role of its description. */
export function defineRole<S extends z.ZodObject, V>(spec: RoleSpec<S, V>): Role {
  const reads: readonly TopicReader<V>[] = 'view' in spec.reads ? [spec.reads] : spec.reads;
  return {
    name: spec.name,
    settings: spec.settings,
    settingsPrefix: spec.settingsPrefix,
    reads: reads.map((reader) => reader.topic),
    writes: spec.writes?.topic,
    start(settings) {
      const processor = spec.process(settings as z.output<S> & CommonSettings);
      return {
        lanes: (context) => processor.lanes(context, { reads, writes: spec.writes }),
        close: async () => processor.close?.(),
      };
    },
  };
}
