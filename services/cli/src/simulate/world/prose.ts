// Sentences about a topic: templates whose slots mix the topic's words with general ones.

import type { Rng } from './rng.js';
import { ADJECTIVES, CITIES, MONTHS, NOUNS, PAST_VERBS, inventedName } from './words.js';

/** What a text is about. */
export interface Topic {
  /** Nouns of the domain. */
  readonly nouns: readonly string[];
  /** Words of this one subject: they return through the session. */
  readonly subjectWords: readonly string[];
}

type Slot = 'noun' | 'adjective' | 'verb' | 'name' | 'number' | 'place' | 'month' | 'percent';
const SLOTS: Readonly<Record<string, Slot>> = {
  n: 'noun',
  a: 'adjective',
  v: 'verb',
  p: 'name',
  i: 'number',
  c: 'place',
  m: 'month',
  q: 'percent',
};

/** A template taken apart: texts and slots by turns. `%n` noun, `%a` adjective, `%v` past verb, `%p` name, `%i` number, `%c` city, `%m` month, `%q` percentage. */
type Template = readonly (string | { readonly slot: Slot })[];

function compile(template: string): Template {
  return template.split(/(%[a-z])/).map((part) => {
    const slot = part.startsWith('%') ? SLOTS[part.slice(1)] : undefined;
    return slot === undefined ? part : { slot };
  });
}

const SENTENCES: readonly Template[] = [
  'The %a %n was %v in %m, after the %n of the %n had been %v.',
  '%p %v that the %n is %a and that the %n should follow by %m.',
  'In %c the %n rose by %q, while the %n stayed %a.',
  'A %a %n near %c %v the %n for the %a %n.',
  'Compared with the %a %n, the %n was %v %i times and the %n only %i.',
  'About %q of the %n came from the %n, the rest from a %a %n.',
  '%p and %p %v the %n together; a %a %n is planned for %m.',
  'The %n depends on the %n, the %n and, to a %a degree, the %n.',
  'No %n was %v before the %n of %i, which makes the %n rather %a.',
  'Since %m, the %n has %v a %a %n every %i days.',
  'Most of the %n in %c is %a; the %n near the %n is not.',
  'According to %p, the %n %v more than the %n did.',
  'It was the %a %n, not the %n, that %v the %n.',
  'Each %n has a %n of %i and a %n of %q.',
  'The %n between %c and %c was %v because of a %a %n.',
  'Several of them %v the %n, and one %v a %a %n instead.',
  'With %i of %i in place, the %n is nearly %a.',
  'The %a %n and the %a %n were %v on the same day.',
].map(compile);

const CLAUSES: readonly Template[] = [
  '%a %n of the %n',
  'how the %n %v the %n',
  '%n and %n in %c',
  'the %n %p %v',
  '%a %n, %i in all',
  'whether the %n is %a',
  '%n by %n, %m',
].map(compile);

/** `sentences` sentences about the topic, some 12 words each. */
export function prose(rng: Rng, topic: Topic, sentences: number): string {
  let text = '';
  for (let count = 0; count < sentences; count++) {
    const sentence = fill(rng, topic, rng.pick(SENTENCES));
    text += (count === 0 ? '' : ' ') + sentence.charAt(0).toUpperCase() + sentence.slice(1);
  }
  return text;
}

/** A heading or note of a few words. */
export function clause(rng: Rng, topic: Topic): string {
  return fill(rng, topic, rng.pick(CLAUSES));
}

const VOWELS = 'aeiou';

function fill(rng: Rng, topic: Topic, template: Template): string {
  let text = '';
  let literal = '';
  for (const part of template) {
    if (typeof part === 'string') {
      text += literal;
      literal = part;
      continue;
    }
    const next = word(rng, topic, part.slot);
    const article = (literal === 'A ' || literal.endsWith(' a ')) && VOWELS.includes(next.charAt(0));
    text += article ? `${literal.slice(0, -1)}n ${next}` : literal + next;
    literal = '';
  }
  return text + literal;
}

function word(rng: Rng, topic: Topic, slot: Slot): string {
  switch (slot) {
    case 'noun': {
      const of = rng.unit();
      if (of < 0.22) return rng.pick(topic.subjectWords);
      return of < 0.55 ? rng.pick(topic.nouns) : rng.pick(NOUNS);
    }
    case 'adjective':
      return rng.pick(ADJECTIVES);
    case 'verb':
      return rng.pick(PAST_VERBS);
    case 'name':
      return inventedName(rng);
    case 'number':
      return String(rng.int(2, 10 ** rng.int(1, 4)));
    case 'place':
      return rng.pick(CITIES);
    case 'month':
      return rng.pick(MONTHS);
    case 'percent':
      return `${rng.between(0.4, 78).toFixed(1)} %`;
  }
}
