// Keys of topics and of keyed state: length-prefixed tuples, so that ('a', 'b:c') and ('a:b', 'c') can never meet.

/** A tuple as text: each part as `<UTF-8 length>:<part>` (netstring form). The Kafka key is this text in UTF-8. */
export function tupleKey(...parts: readonly string[]): string {
  let key = '';
  for (const part of parts) key += `${Buffer.byteLength(part)}:${part}`;
  return key;
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
