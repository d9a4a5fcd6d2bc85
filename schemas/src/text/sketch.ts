// Bottom-k sketches (k minimum values): a set in k numbers, from which the overlap of two sets can be told.

export const SKETCH_SIZE = 32;

/** The k smallest distinct hashes, ascending. */
export function bottomK(hashes: Iterable<number>, k = SKETCH_SIZE): Uint32Array {
  const all = (isListed(hashes) ? new Uint32Array(hashes) : Uint32Array.from(hashes)).sort();
  let size = 0;
  for (let i = 0; i < all.length && size < k; i++) {
    const hash = all[i] ?? 0;
    if (size === 0 || hash !== all[size - 1]) all[size++] = hash;
  }
  return all.slice(0, size);
}

/** What is copied without an iterator. */
const isListed = (hashes: Iterable<number>): hashes is Uint32Array | number[] =>
  hashes instanceof Uint32Array || Array.isArray(hashes);

/**
 * |A ∩ B| / |A ∪ B| of the sets behind two bottom-k sketches: exact where neither is full, else the share of the union's k smallest that
 * lie in both (Beyer et al. 2007; standard error about sqrt(j (1 - j) / k)). 0 where both are empty.
 */
export function jaccardOfSketches(a: Uint32Array, b: Uint32Array, k = SKETCH_SIZE): number {
  const limit = a.length < k && b.length < k ? a.length + b.length : k;
  let i = 0;
  let j = 0;
  let union = 0;
  let both = 0;
  while (union < limit && (i < a.length || j < b.length)) {
    const left = a[i] ?? Infinity;
    const right = b[j] ?? Infinity;
    if (left === right) both++;
    if (left <= right) i++;
    if (right <= left) j++;
    union++;
  }
  return union === 0 ? 0 : both / union;
}

/** 4 bytes per hash, big-endian, in the sketch's order. */
export function sketchToBytes(sketch: Uint32Array): Buffer {
  const bytes = Buffer.allocUnsafe(sketch.length * 4);
  for (let i = 0; i < sketch.length; i++) bytes.writeUInt32BE(sketch[i] ?? 0, i * 4);
  return bytes;
}

/** The sketch of {@link sketchToBytes}; stray bytes at the end are ignored, and foreign order is put right. */
export function sketchFromBytes(bytes: Uint8Array): Uint32Array {
  const sketch = new Uint32Array(Math.floor(bytes.length / 4));
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let ascending = true;
  for (let i = 0; i < sketch.length; i++) {
    const hash = data.getUint32(i * 4);
    if (i > 0 && hash <= (sketch[i - 1] ?? 0)) ascending = false;
    sketch[i] = hash;
  }
  return ascending ? sketch : bottomK(sketch, sketch.length);
}
