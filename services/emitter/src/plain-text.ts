// Any value as text: never throws, and costs no more than the text that is kept.

const MAX_DEPTH = 24;

/** A string as it is (it may be longer than `maxChars`), '' for null and undefined, anything else as JSON cut off near `maxChars`. */
export function plainText(value: unknown, maxChars: number): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  try {
    if (weight(value, maxChars, 0) <= maxChars) return JSON.stringify(value);
  } catch {
    // A getter or toJSON threw: the careful way below asks each part for itself.
  }
  return carefulJson(value, maxChars);
}

/** Roughly how long the JSON gets; Infinity for what JSON.stringify would refuse, or what is not plain. Stops counting beyond `limit`. */
function weight(value: unknown, limit: number, depth: number): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2;
    case 'number':
    case 'boolean':
      return 8;
    case 'object':
      break;
    case 'undefined':
      return depth === 0 ? Infinity : 4;
    case 'bigint':
    case 'function':
    case 'symbol':
      return Infinity;
  }
  if (value === null) return 4;
  if (depth === MAX_DEPTH) return Infinity;
  let sum = 2;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && sum <= limit; i++) sum += weight(value[i], limit - sum, depth + 1) + 1;
    return sum;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return Infinity;
  for (const key in value) {
    sum += key.length + 4 + weight((value as Record<string, unknown>)[key], limit - sum, depth + 1);
    if (sum > limit) break;
  }
  return sum;
}

/** JSON of anything, part by part: what cannot be written says so in brackets. */
function carefulJson(root: unknown, maxChars: number): string {
  const path: object[] = [];
  let left = maxChars;

  const put = (text: string): string => {
    left -= text.length;
    return text;
  };
  const write = (value: unknown): string => {
    if (left <= 0) return '';
    switch (typeof value) {
      case 'string':
        return put(JSON.stringify(value.length > left ? value.slice(0, left) : value));
      case 'number':
      case 'boolean':
        return put(
          typeof value === 'number' && !Number.isFinite(value) ? JSON.stringify(String(value)) : String(value),
        );
      case 'bigint':
        return put(value.toString());
      case 'undefined':
        return put('null');
      case 'symbol':
        return put(JSON.stringify(value.toString()));
      case 'function':
        return put('"[function]"');
      case 'object':
        return value === null ? put('null') : writeObject(value);
    }
  };
  const writeObject = (value: object): string => {
    if (path.includes(value)) return put('"[circular]"');
    if (path.length === MAX_DEPTH) return put('"[deep]"');
    path.push(value);
    try {
      return writeParts(value);
    } catch {
      return put('"[unreadable]"');
    } finally {
      path.pop();
    }
  };
  const writeParts = (value: object): string => {
    const toJson = (value as { toJSON?: unknown }).toJSON;
    if (ArrayBuffer.isView(value)) return put(`"[${value.byteLength} bytes]"`);
    if (value instanceof Error) return write({ name: value.name, message: value.message });
    if (typeof toJson === 'function') return write((toJson as () => unknown).call(value));
    if (Array.isArray(value)) return list('[', value, write, ']');
    if (value instanceof Set) return list('[', value, write, ']');
    const entries = value instanceof Map ? value.entries() : entriesOf(value);
    return list('{', entries, ([key, part]) => `${put(JSON.stringify(String(key)))}:${write(part)}`, '}');
  };
  const list = <T>(open: string, items: Iterable<T>, one: (item: T) => string, close: string): string => {
    let text = put(open);
    for (const item of items) {
      if (left <= 0) break;
      text += (text.length > 1 ? put(',') : '') + one(item);
    }
    return text + put(close);
  };
  return write(root);
}

function* entriesOf(value: object): Iterable<[string, unknown]> {
  for (const key of Object.keys(value)) {
    let part: unknown;
    try {
      part = (value as Record<string, unknown>)[key];
    } catch {
      part = '[unreadable]';
    }
    if (part !== undefined) yield [key, part];
  }
}
