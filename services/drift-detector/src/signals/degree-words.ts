// Words of degree: which way a figure should go, "the lowest …", "maximize …". Grammar of comparison alone, no subject.

import { lowerHash, stemEnd } from '../text/hashing.js';

// English, German, French, Spanish, Italian, Portuguese, Dutch: comparison, and verbs that mean nothing but a change of degree.
const LESS = `minimize minimise minimal minimum reduce decrease lower lowest low less least fewer fewest few little smaller smallest small
  shorter shortest short cut limit avoid diminish cheapest cheap minimieren minimiere verringern senken weniger wenigsten niedrig niedriger niedrigste
  niedrigsten geringe geringste geringsten kleinste kürzeste kürzesten réduire minimiser diminuer moins faible moindre reducir minimizar
  disminuir menos menor bajo mínimo ridurre minimizzare meno minore basso minimo reduzir baixo verlagen minder laagste kleinste kortste`;
const MORE = `maximize maximise maximal maximum increase raise higher highest high more most greater greatest great larger largest large
  bigger biggest big longer longest long grow boost improve premium much top best maximieren maximiere erhöhen steigern mehr meisten hoch höher
  höchste höchsten größte größten längste augmenter maximiser plus élevé maximizar aumentar más mayor alto máximo massimizzare aumentare più
  maggiore massimo mais maior verhogen meer hoogste grootste langste`;

const directions = new Map<number, -1 | 1>();
for (const [direction, words] of [
  [-1, LESS],
  [1, MORE],
] as const)
  for (const word of words.split(/\s+/u)) directions.set(stemHash(word), direction);

/** -1 where the word (hash of its stem) asks for less, 1 for more, 0 where it says nothing of degree. */
export function degreeOf(stem: number): -1 | 0 | 1 {
  return directions.get(stem) ?? 0;
}

/** Hash of a word's stem. */
export function stemHash(word: string): number {
  return lowerHash(word, 0, stemEnd(word, 0, word.length));
}
