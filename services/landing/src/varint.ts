// Avro's zigzag varints of whole numbers, written and measured in place.

/** Writes `value` (a whole number within ±2^53) at `at`; returns the position after it. */
export function writeLong(target: Buffer, at: number, value: number): number {
  let zigzag = value < 0 ? -value * 2 - 1 : value * 2;
  while (zigzag >= 0x80000000) {
    target[at++] = (zigzag % 128) | 0x80;
    zigzag = Math.floor(zigzag / 128);
  }
  while (zigzag >= 0x80) {
    target[at++] = (zigzag & 0x7f) | 0x80;
    zigzag >>>= 7;
  }
  target[at++] = zigzag;
  return at;
}

/** Bytes that {@link writeLong} takes for `value`. */
export function longBytes(value: number): number {
  let zigzag = value < 0 ? -value * 2 - 1 : value * 2;
  let bytes = 1;
  while (zigzag >= 128) {
    zigzag = Math.floor(zigzag / 128);
    bytes += 1;
  }
  return bytes;
}
