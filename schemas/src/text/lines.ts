// Where a text's first line ends.

const LEAD_CHARS = 200;

/** The end of the first line that is not empty, at most 200 characters in. */
export function firstLineEnd(text: string): number {
  let start = 0;
  while (start < text.length && text.charCodeAt(start) <= 32) start++;
  const newline = text.indexOf('\n', start);
  const end = Math.min(text.length, start + LEAD_CHARS);
  return newline < 0 || newline > end ? wordBoundary(text, end) : newline;
}

/** The first white space from `at` on, so that no word is cut; `at` where none is near. */
function wordBoundary(text: string, at: number): number {
  if (text.length <= at) return text.length;
  for (let i = at; i < at + 32 && i < text.length; i++) if (text.charCodeAt(i) <= 32) return i;
  return at;
}
