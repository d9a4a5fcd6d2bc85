// Copies of foreign text that hold on to nothing.

const surrogate = /[\ud800-\udfff]/;

/** At most `max` units of `text`, as text that survives UTF-8; a copy where it is cut (a slice would keep the whole in memory). */
export function bounded(text: string, max: number): string {
  if (text.length <= max && !surrogate.test(text)) return text;
  return Buffer.from(text.slice(0, max)).toString();
}

/** The same text, unit by unit, that keeps no longer one in memory as a slice of it would. */
export function ownCopy(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
