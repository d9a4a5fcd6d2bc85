// Whether a schema may follow another, by rules that are stricter than Avro's: FULL_TRANSITIVE, and columns that never move.

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
}

interface Enum {
  readonly name: string;
  readonly symbols: readonly string[];
  readonly default?: string;
}

/**
 * What forbids `next` as a later version of `before`, as sentences; none: it may follow. Fields are added at the end and with a default, none is
 * removed, renamed or changes its type; enum symbols are only appended, and then the enum has a default.
 */
export function evolutionFaults(before: unknown, next: unknown): string[] {
  const faults: string[] = [];
  const old = fieldsOf(before);
  const now = fieldsOf(next);
  old.forEach((field, index) => {
    const same = now[index];
    if (same?.name !== field.name) {
      faults.push(`field ${field.name} was removed, renamed or moved`);
      return;
    }
    if (shapeOf(field.type) !== shapeOf(same.type)) faults.push(`field ${field.name} changed its type`);
    if ('default' in field !== 'default' in same) faults.push(`field ${field.name} gained or lost its default`);
  });
  for (const field of now.slice(old.length)) {
    if (!('default' in field)) faults.push(`the added field ${field.name} has no default`);
  }
  const later = new Map(enumsOf(next).map((symbols) => [symbols.name, symbols]));
  for (const { name, symbols } of enumsOf(before)) faults.push(...enumFaults(name, symbols, later.get(name)));
  return faults;
}

function enumFaults(name: string, symbols: readonly string[], later: Enum | undefined): string[] {
  if (!later) return [`enum ${name} was removed`];
  if (symbols.some((symbol, index) => later.symbols[index] !== symbol)) return [`enum ${name} lost or moved a symbol`];
  const grew = later.symbols.length > symbols.length;
  return grew && later.default === undefined ? [`enum ${name} grew and has no default for its older readers`] : [];
}

function fieldsOf(schema: unknown): readonly Field[] {
  return (schema as { fields?: readonly Field[] }).fields ?? [];
}

/** Every enum in the schema, wherever it is defined. */
export function enumsOf(schema: unknown): Enum[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = (schema as { type?: unknown }).type === 'enum' ? [schema as Enum] : [];
  return [...own, ...Object.values(schema).flatMap(enumsOf)];
}

/** A type without what may change: docs, and the symbols of its enums (compared apart). */
function shapeOf(type: unknown): string {
  return JSON.stringify(type, (key, value: unknown) =>
    key === 'doc' || key === 'symbols' || key === 'default' ? undefined : value,
  );
}
