// Settings files of the house: JSON (which is YAML), with lines of comment that begin with #.

/** Throws a SyntaxError where the rest is no JSON. */
export function parseCommentedJson(text: string): unknown {
  const json = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');
  return JSON.parse(json);
}
