// Short copies of foreign text: bounded, well-formed, and holding on to nothing.

/** At most `max` units of `text`, as text that survives UTF-8; a copy where it is cut (a slice would keep the whole in memory). */
export function bounded(text: string, max: number): string {
  if (text.length <= max && isPlain(text)) return text;
  return Buffer.from(text.slice(0, max)).toString('utf8');
}

/** The same text, unit by unit, that keeps no longer one in memory as a slice of it would. */
export function ownCopy(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** On one line, for a sentence. */
export function oneLine(text: string, max: number): string {
  const line = text
    .slice(0, max * 2)
    .replace(/\\[nrt]|\s+/g, ' ')
    .trim();
  return line.length <= max ? bounded(line, max) : `${bounded(line, max - 1)}…`;
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdfff) return false;
  }
  return true;
}
