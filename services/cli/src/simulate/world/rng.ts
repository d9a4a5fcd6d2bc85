// Seeded randomness: the only source of chance in the simulator, so that a seed is a stream.

/** FNV-1a of a text with a murmur finaliser, unsigned 32 bits: turns labels into seeds. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** sfc32 (Chris Doty-Humphrey's Small Fast Counting generator, PractRand) with the draws that the simulator needs. */
export class Rng {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** Every part matters: the same parts give the same stream. */
  constructor(...parts: readonly (string | number)[]) {
    let seed = 0x9e3779b9;
    for (const part of parts) {
      seed = Math.imul(
        seed ^
          (typeof part === 'number'
            ? Math.imul(part | 0, 0x27d4eb2f) ^ Math.floor(part / 0x1_0000_0000)
            : seedOf(part)),
        0x85ebca6b,
      );
      seed ^= seed >>> 15;
    }
    this.a = seed | 0;
    this.b = Math.imul(seed, 0xc2b2ae35) | 0;
    this.c = (seed ^ 0x6a09e667) | 0;
    for (let round = 0; round < 12; round++) this.u32();
  }

  /** Uniform over 0 … 2^32 − 1. */
  u32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** Uniform over [0, 1). */
  unit(): number {
    return this.u32() / 0x1_0000_0000;
  }

  /** A whole number of low … high, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  /** Uniform over [low, high). */
  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.unit() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from an empty list');
    return item;
  }

  /** An index of `weights`, as likely as its weight. */
  weighted(weights: readonly number[]): number {
    let at = this.unit() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, weight] of weights.entries()) {
      at -= weight;
      if (at < 0) return index;
    }
    return weights.length - 1;
  }

  /** `items` in another order; the argument stays as it is. */
  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, order: this.u32() }))
      .sort((one, other) => one.order - other.order)
      .map(({ item }) => item);
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** `digits` hexadecimal digits. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.u32().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }

  /** `pattern` with # as a digit, @ as a capital letter, ? as one of both: 'ORD-####'. */
  code(pattern: string): string {
    let text = '';
    for (const char of pattern) {
      if (char === '#') text += String(this.int(0, 9));
      else if (char === '@') text += CAPITALS.charAt(this.int(0, 23));
      else if (char === '?') text += (CAPITALS + '23456789').charAt(this.int(0, 31));
      else text += char;
    }
    return text;
  }
}

const CAPITALS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
