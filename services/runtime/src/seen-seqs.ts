// Which of the last 128 sequence numbers of a key have been seen, in 16 bytes.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

const WINDOW = 128;

/** A window that ends at the highest seq seen. Numbers below it are unknown, hence never reported as seen. */
export class SeenSeqs {
  readonly #bits: Uint32Array;
  #last: number;

  constructor(last = -1, bits = new Uint32Array(WINDOW / 32)) {
    this.#last = last;
    this.#bits = bits;
  }

  /** The highest seq seen; -1 where none was. */
  get last(): number {
    return this.#last;
  }

  has(seq: number): boolean {
    return seq <= this.#last && seq > this.#last - WINDOW && (this.#word(seq) & mask(seq)) !== 0;
  }

  add(seq: number): void {
    if (seq <= this.#last - WINDOW) return;
    if (seq - this.#last >= WINDOW) this.#bits.fill(0);
    else
      for (let skipped = this.#last + 1; skipped < seq; skipped++)
        this.#bits[index(skipped)] = this.#word(skipped) & ~mask(skipped);
    this.#bits[index(seq)] = this.#word(seq) | mask(seq);
    if (seq > this.#last) this.#last = seq;
  }

  write(writer: StateWriter): void {
    writer.int(this.#last);
    for (const word of this.#bits) writer.uint32(word);
  }

  static read(reader: StateReader): SeenSeqs {
    const last = reader.int();
    return new SeenSeqs(
      last,
      Uint32Array.from({ length: WINDOW / 32 }, () => reader.uint32()),
    );
  }

  #word(seq: number): number {
    return this.#bits[index(seq)] ?? 0;
  }
}

// A seq may be negative (bad input is still judged): the position in the ring must not be.
const slot = (seq: number): number => ((seq % WINDOW) + WINDOW) % WINDOW;
const index = (seq: number): number => slot(seq) >> 5;
const mask = (seq: number): number => 1 << (slot(seq) & 31);
