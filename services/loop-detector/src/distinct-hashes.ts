// Which of a text's hashes came before in the same text: a set that is cleared without being touched.

const SLOTS = 4_096;

/** Open addressing; a slot counts only where its stamp is the present round's. At most {@link DistinctHashes.MOST} hashes between two clears. */
export class DistinctHashes {
  static readonly MOST = SLOTS >> 1;
  readonly #hashes = new Uint32Array(SLOTS);
  readonly #stamps = new Uint32Array(SLOTS);
  #round = 1;

  clear(): void {
    this.#round = (this.#round + 1) >>> 0;
    if (this.#round !== 0) return;
    this.#stamps.fill(0);
    this.#round = 1;
  }

  /** Adds the hash; true where it was not there. */
  add(hash: number): boolean {
    let slot = hash & (SLOTS - 1);
    while (this.#stamps[slot] === this.#round) {
      if (this.#hashes[slot] === hash) return false;
      slot = (slot + 1) & (SLOTS - 1);
    }
    this.#stamps[slot] = this.#round;
    this.#hashes[slot] = hash;
    return true;
  }
}
