// Avro's longs: zigzag varints of at most ten bytes.

/** The offset after the varint at `at`, which is known to be whole. */
export function varintEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while ((bytes[end] ?? 0) >= 0x80) end++;
  return end + 1;
}

/** The value of the varint at `start`, which is known to be whole; beyond 2^53 the nearest double. */
export function readLong(bytes: Uint8Array, start: number): number {
  let at = start;
  let low = 0;
  // Four groups of seven bits fit into an integer: no doubles for most numbers.
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[at++] ?? 0;
    low |= (byte & 0x7f) << shift;
    if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
  }
  let high = 0;
  let scale = 1;
  for (;;) {
    const byte = bytes[at++] ?? 0;
    high += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 128;
  }
  // Up to 2^53 a double holds all of it.
  if (high >= 2 ** 25) return readWide(bytes.subarray(start, at));
  const half = (high * 2 ** 28 + low - (low & 1)) / 2;
  return (low & 1) === 0 ? half : -half - 1;
}

/** The same of any size. */
export function readWide(bytes: Uint8Array): number {
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
  }
  value = BigInt.asUintN(64, value);
  return Number(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)));
}
