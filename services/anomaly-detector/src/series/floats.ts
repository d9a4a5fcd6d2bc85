// Single-precision arrays as bytes of a state: half the size, and exact, for they are kept in single precision in memory too.

export function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** The nearest number of eight significant bits (the upper half of a single), which {@link halvesOf} keeps exactly. */
export function roundedToHalf(value: number): number {
  SINGLE[0] = value;
  BITS[0] = ((BITS[0] ?? 0) + 0x8000) & 0xffff0000;
  return SINGLE[0];
}

const SINGLE = new Float32Array(1);
const BITS = new Uint32Array(SINGLE.buffer);

/** Numbers of eight significant bits in two bytes each. */
export function halvesOf(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return new Uint8Array(Uint16Array.from(bits, (all) => all >>> 16).buffer);
}

export function fromHalves(bytes: Buffer): Float32Array {
  const upper = new Uint16Array(Uint8Array.from(bytes).buffer);
  return new Float32Array(Uint32Array.from(upper, (half) => half * 0x10000).buffer);
}
