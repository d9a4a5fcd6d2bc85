// Which schema an id means, and which id a schema has: from a registry where one is set, else from catalogue.json.

import avro, { type Schema, type Type } from 'avsc';
import { WatchkeeperError, schemaInvalid } from './errors.js';
import { openRegistry, type Registry, type RegistryOptions } from './registry.js';
import { SCHEMA_NAMES, avroOptions, catalogue, publishedSchema, schemaFiles, type SchemaName } from './schema-files.js';
import type { WriterTypeOf } from './view.js';

export interface SchemaIds {
  /** The id under which this build writes a schema. */
  idOf(schema: SchemaName): number;
  /** The type behind an id, as far as it is known here: never waits. */
  readonly writerTypeOf: WriterTypeOf;
  /** The same as its schema, e.g. for a container file. */
  schemaOf(id: number): Schema | undefined;
  /**
   * Asks the registry for an id that is not known yet; true where it is known then. An id that the registry does not know is not asked for
   * again for 10 s. Throws WK_REGISTRY_UNREACHABLE, so that a good event is not called bad because the registry is away.
   */
  prefetch(id: number): Promise<boolean>;
}

export interface SchemaIdsOptions extends Partial<Omit<RegistryOptions, 'url'>> {
  /** Without it catalogue.json says what an id means. */
  readonly registryUrl?: string;
  /** The schemas that will be written: their ids are looked up, and the schema is registered where the subject lacks it. None: only reading. */
  readonly writes?: readonly SchemaName[];
}

const FORGET_UNKNOWN_MS = 10_000;
const NOTHING_KNOWN = { type: undefined, schema: undefined };

/** Opens the ids. With a registry: throws its errors where one of `writes` (default: all) can be neither found nor registered. */
export async function openSchemaIds(options: SchemaIdsOptions = {}): Promise<SchemaIds> {
  const { registryUrl, writes = SCHEMA_NAMES, ...rest } = options;
  if (registryUrl === undefined || registryUrl === '') return catalogueIds();
  return registryIds(openRegistry({ ...rest, url: registryUrl }), writes);
}

/** The ids of catalogue.json: fixed, the same in every installation without a registry. */
export function catalogueIds(): SchemaIds {
  const known = new Map<number, Known>();
  const newest = new Map<SchemaName, { id: number; version: number }>();
  for (const { id, version, schema } of catalogue) {
    known.set(id, knownOf(`catalogue id ${id}`, publishedSchema(schema, version)));
    if ((newest.get(schema)?.version ?? 0) < version) newest.set(schema, { id, version });
  }
  const ids = new Map([...newest].map(([schema, { id }]) => [schema, id]));
  return idsOver(known, ids, (id) => Promise.resolve(known.has(id)));
}

async function registryIds(registry: Registry, writes: readonly SchemaName[]): Promise<SchemaIds> {
  const known = new Map<number, Known>();
  const ids = new Map<SchemaName, number>();
  for (const schema of writes) {
    const id = await registeredId(registry, subjectOf(schema), schemaFiles[schema]);
    ids.set(schema, id);
    known.set(id, knownOf(schema, schemaFiles[schema]));
  }

  const unknownSince = new Map<number, number>();
  const running = new Map<number, Promise<boolean>>();
  const fetchId = async (id: number): Promise<boolean> => {
    try {
      known.set(id, knownOf(`schema ${id} of the registry`, await registry.byId(id)));
      return true;
    } catch (error) {
      const code = error instanceof WatchkeeperError ? error.code : undefined;
      if (code !== 'WK_SCHEMA_NOT_FOUND' && code !== 'WK_SCHEMA_INVALID') throw error;
      if (unknownSince.size > 1_000) unknownSince.clear();
      unknownSince.set(id, Date.now());
      return false;
    } finally {
      running.delete(id);
    }
  };
  return idsOver(known, ids, async (id) => {
    if (known.has(id)) return true;
    if (Date.now() - (unknownSince.get(id) ?? -Infinity) < FORGET_UNKNOWN_MS) return false;
    const run = running.get(id) ?? fetchId(id);
    running.set(id, run);
    return run;
  });
}

/** The id of exactly this schema under the subject. A new subject is held to FULL_TRANSITIVE from its first version on. */
async function registeredId(registry: Registry, subject: string, schema: Schema): Promise<number> {
  const found = await registry.find(subject, schema);
  if (found) return found.id;
  const id = await registry.register(subject, schema);
  await registry.setCompatibility(subject, 'FULL_TRANSITIVE');
  return id;
}

interface Known {
  readonly type: Type;
  readonly schema: Schema;
}

function knownOf(what: string, schema: Schema): Known {
  try {
    return { schema, type: avro.Type.forSchema(schema, avroOptions()) };
  } catch (error) {
    throw schemaInvalid(what, error);
  }
}

function idsOver(
  known: ReadonlyMap<number, Known>,
  ids: ReadonlyMap<SchemaName, number>,
  prefetch: (id: number) => Promise<boolean>,
): SchemaIds {
  return {
    idOf(schema) {
      const id = ids.get(schema);
      if (id === undefined)
        throw new WatchkeeperError(
          'WK_SCHEMA_NOT_WRITTEN',
          `${schema} was not among the schemas that this process writes: name it in openSchemaIds({ writes }).`,
        );
      return id;
    },
    writerTypeOf: (id) => (known.get(id) ?? NOTHING_KNOWN).type,
    schemaOf: (id) => (known.get(id) ?? NOTHING_KNOWN).schema,
    prefetch,
  };
}

/** TopicNameStrategy, by the catalogue's topics. */
function subjectOf(schema: SchemaName): string {
  return catalogue.find((entry) => entry.schema === schema)?.subject ?? `${schema}-value`;
}
