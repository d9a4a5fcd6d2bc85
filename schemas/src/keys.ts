// Keys of topics and of keyed state: length-prefixed tuples, so that ('a', 'b:c') and ('a:b', 'c') can never meet.

/** A tuple as text: each part as `<UTF-8 length>:<part>` (netstring form). The Kafka key is this text in UTF-8. */
export function tupleKey(...parts: readonly string[]): string {
  let key = '';
  for (const part of parts) key += `${Buffer.byteLength(part)}:${part}`;
  return key;
}

const MOST_REMEMBERED = 4_096;
/** Ids may be long: what is remembered stays below a few megabytes. */
const LONGEST_REMEMBERED = 200;

/**
 * {@link tupleKey} of two parts that come again and again, tenant and session: the same string each time, whose hash is known, so that whoever
 * looks the key up does not go over it again.
 */
export function rememberedKeys(): (first: string, second: string) => string {
  const known = new Map<string, { readonly first: string; readonly key: string }>();
  return function keyOf(first, second) {
    const held = known.get(second);
    if (held?.first === first) return held.key;
    const key = tupleKey(first, second);
    if (key.length > LONGEST_REMEMBERED) return key;
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(second, { first, key });
    return key;
  };
}

/** The parts of a key made by {@link tupleKey}, or undefined where the text is not one. */
export function tupleParts(key: string): string[] | undefined {
  const bytes = Buffer.from(key);
  const parts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const colon = bytes.indexOf(58, at);
    if (colon < 0) return undefined;
    const digits = bytes.toString('latin1', at, colon);
    const end = colon + 1 + Number(digits);
    if (!/^\d+$/.test(digits) || end > bytes.length) return undefined;
    parts.push(bytes.toString('utf8', colon + 1, end));
    at = end;
  }
  return parts;
}
