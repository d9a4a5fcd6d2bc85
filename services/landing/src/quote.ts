// Texts and names as ClickHouse's SQL has them, where a parameter cannot stand.

/** A string literal. */
export const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** A name; a backtick is left out, for none of ours has one. */
export const quoteName = (name: string): string => `\`${name.replaceAll('`', '')}\``;
