// Static word vectors: how near two phrases are in meaning. English; a word that is not held adds nothing.

const HEADER_BYTES = 12;
const FORMAT = 1;

/** A word by its `lowerHash`, and how much it counts in a phrase. */
export interface WeighedWord {
  readonly word: number;
  readonly weight: number;
}

export interface WordVectors {
  /** Cosine of the phrases' weighted sums, -1 to 1; 0 where no word of one is known. */
  similarity(one: readonly WeighedWord[], other: readonly WeighedWord[]): number;
}

/** Knows no word. */
export const noWordVectors: WordVectors = { similarity: () => 0 };

/**
 * Vectors as tools/pack-words.mjs packs them: "WKWV", format, dimensions and count, the words' hashes in rising order, then a row of int8
 * per word, shorter for frequent words (SIF: Arora, Liang and Ma 2017). Nothing is copied. Throws where the bytes are something else.
 */
export function wordVectorsOf(bytes: Buffer): WordVectors {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'WKWV' || bytes.readUInt16LE(4) !== FORMAT)
    throw new Error('These are no word vectors of format 1: pack them anew with tools/pack-words.mjs.');
  const dimensions = bytes.readUInt16LE(6);
  const count = bytes.readUInt32LE(8);
  const rows = HEADER_BYTES + 4 * count;
  if (bytes.length !== rows + dimensions * count)
    throw new Error(`Word vectors of ${count} words are cut off: pack them anew with tools/pack-words.mjs.`);

  const weights = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);

  /** Where a word's row begins, or -1. */
  const rowOf = (hash: number): number => {
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const held = bytes.readUInt32LE(HEADER_BYTES + 4 * middle);
      if (held === hash) return rows + dimensions * middle;
      if (held < hash) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };

  const sumOf = (words: readonly WeighedWord[]): Float64Array => {
    const sum = new Float64Array(dimensions);
    for (const { word, weight } of words) {
      const row = rowOf(word);
      if (row >= 0) for (let i = 0; i < dimensions; i++) sum[i] = (sum[i] ?? 0) + weight * (weights[row + i] ?? 0);
    }
    return sum;
  };

  return {
    similarity: (one, other) => {
      const [a, b] = [sumOf(one), sumOf(other)];
      const lengths = dot(a, a) * dot(b, b);
      return lengths === 0 ? 0 : dot(a, b) / Math.sqrt(lengths);
    },
  };
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
}
