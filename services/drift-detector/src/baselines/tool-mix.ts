// How far two mixes of tools lie apart.

/** How often each value occurs. */
export function tally(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Jensen-Shannon divergence in bits (Lin 1991): 0 for equal shares, 1 where nothing is shared; 0 where a mix is empty. */
export function jensenShannon(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  const ofOne = total(one);
  const ofOther = total(other);
  if (ofOne === 0 || ofOther === 0) return 0;
  let bits = 0;
  for (const value of new Set([...one.keys(), ...other.keys()])) {
    const p = (one.get(value) ?? 0) / ofOne;
    const q = (other.get(value) ?? 0) / ofOther;
    const mean = (p + q) / 2;
    if (p > 0) bits += (p / 2) * Math.log2(p / mean);
    if (q > 0) bits += (q / 2) * Math.log2(q / mean);
  }
  return bits;
}

function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
