// Text to numbers: the same in every language that walks the UTF-8 bytes (schemas/fixtures/text.json).

import type { Units } from './units.js';

/** FNV-1a's offset basis and prime, 32 bits. */
export const FNV_BASIS = 0x811c9dc5;
export const FNV_PRIME = 0x01000193;
const LANE_BASIS = 0x9747b28c;
const LANE_PRIME = 0x9e3779b1;

/** 64 bits as two unsigned halves: a JavaScript number holds 53. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/** Murmur3's finaliser: every bit of the input moves every bit of the (unsigned) result. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Of the hashes [from, to) in their order, and of `start`; unsigned 32 bits. */
export function sequenceHash(start: number, words: Uint32Array, from: number, to: number): number {
  let hash = start;
  for (let i = from; i < to; i++) hash = Math.imul(hash, 31) + (words[i] ?? 0);
  return mix32(hash);
}

/** FNV-1a over the text's UTF-8, then {@link mix32}; unsigned 32 bits. A lone surrogate counts as U+FFFD. Allocates nothing. */
export function hash32(text: string): number {
  let h = FNV_BASIS;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      h = Math.imul(h ^ unit, FNV_PRIME);
      continue;
    }
    const point = pointOf(unit, i + 1 < text.length ? text.charCodeAt(i + 1) : 0);
    if (point > 0xffff) i++;
    h = addUtf8(h, point);
  }
  return mix32(h);
}

/** {@link hash32} of the units [start, end). */
export function hash32Units(text: Units, start: number, end: number): number {
  let h = FNV_BASIS;
  for (let i = start; i < end; i++) {
    const unit = text[i] ?? 0;
    const point = pointOf(unit, i + 1 < end ? (text[i + 1] ?? 0) : 0);
    if (point > 0xffff) i++;
    h = point < 0x80 ? Math.imul(h ^ point, FNV_PRIME) : addUtf8(h, point);
  }
  return mix32(h);
}

/** FNV-1a's next state after the two to four UTF-8 bytes of a code point beyond ASCII. */
function addUtf8(hash: number, point: number): number {
  let h = hash;
  if (point < 0x800) {
    h = Math.imul(h ^ (0xc0 | (point >> 6)), FNV_PRIME);
  } else {
    if (point > 0xffff) {
      h = Math.imul(h ^ (0xf0 | (point >> 18)), FNV_PRIME);
      h = Math.imul(h ^ (0x80 | ((point >> 12) & 63)), FNV_PRIME);
    } else {
      h = Math.imul(h ^ (0xe0 | (point >> 12)), FNV_PRIME);
    }
    h = Math.imul(h ^ (0x80 | ((point >> 6) & 63)), FNV_PRIME);
  }
  return Math.imul(h ^ (0x80 | (point & 63)), FNV_PRIME);
}

/**
 * Two 32-bit lanes over the text's UTF-16 code units (lone surrogates as U+FFFD), finalised together: `high` FNV-1a, `low` a rotating multiply.
 * For telling texts apart, not against someone who looks for collisions.
 */
export function hash64(text: string): Hash64 {
  const stream = new Hash64Stream();
  stream.range(text, 0, text.length);
  return stream.done();
}

/** {@link hash64} of a text that comes in pieces (no piece may split a surrogate pair). */
export class Hash64Stream {
  #a = FNV_BASIS;
  #b = LANE_BASIS;
  #units = 0;

  /** The piece `text.slice(start, end)`. */
  range(text: string, start: number, end: number): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = start; i < end; i++) {
      let unit = text.charCodeAt(i);
      if (unit >= 0xd800 && unit < 0xe000) {
        if (pointOf(unit, i + 1 < end ? text.charCodeAt(i + 1) : 0) > 0xffff) {
          a = Math.imul(a ^ unit, FNV_PRIME);
          b = Math.imul(((b << 13) | (b >>> 19)) ^ unit, LANE_PRIME);
          unit = text.charCodeAt(++i);
        } else {
          unit = 0xfffd;
        }
      }
      a = Math.imul(a ^ unit, FNV_PRIME);
      b = Math.imul(((b << 13) | (b >>> 19)) ^ unit, LANE_PRIME);
    }
    this.#a = a;
    this.#b = b;
    this.#units += end - start;
  }

  /** The units [start, end), no lone surrogate among them. */
  units(text: Units, start: number, end: number): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = start; i < end; i++) {
      const unit = text[i] ?? 0;
      a = Math.imul(a ^ unit, FNV_PRIME);
      b = Math.imul(((b << 13) | (b >>> 19)) ^ unit, LANE_PRIME);
    }
    this.#a = a;
    this.#b = b;
    this.#units += end - start;
  }

  /** One code unit, not a surrogate. */
  unit(unit: number): void {
    this.#a = Math.imul(this.#a ^ unit, FNV_PRIME);
    this.#b = Math.imul(((this.#b << 13) | (this.#b >>> 19)) ^ unit, LANE_PRIME);
    this.#units++;
  }

  done(): Hash64 {
    const low = mix32(this.#b ^ this.#units);
    return { high: mix32(this.#a ^ low), low };
  }
}

/** The code point that `unit` begins, given the unit behind it; U+FFFD for a lone surrogate. */
function pointOf(unit: number, next: number): number {
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  if (unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) return ((unit - 0xd800) << 10) + (next - 0xdc00) + 0x10000;
  return 0xfffd;
}
