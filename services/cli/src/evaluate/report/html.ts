// HTML and SVG as a tagged template: what is filled in is escaped, unless it is markup itself.

/** Text that is markup already. */
export class Markup {
  constructor(readonly text: string) {}
}

type Filling = Markup | string | number | readonly Filling[] | undefined;

/** Fills values into a template; strings are escaped, lists joined, undefined is nothing. */
export function html(parts: TemplateStringsArray, ...fillings: readonly Filling[]): Markup {
  return new Markup(parts.map((part, i) => part + filled(fillings[i])).join(''));
}

function filled(filling: Filling): string {
  if (filling === undefined) return '';
  if (filling instanceof Markup) return filling.text;
  if (typeof filling === 'number') return String(Number(filling.toFixed(2)));
  if (typeof filling === 'string') return escaped(filling);
  return filling.map(filled).join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
