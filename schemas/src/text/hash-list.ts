// A list of 32-bit hashes that is filled anew for each text: one piece of memory that grows to the longest.

/** Hashes in the order in which they came; repeated ones stay. */
export class HashList {
  /** The first {@link count} are the list. */
  words = new Uint32Array(256);
  count = 0;

  /** Empties the list and keeps its memory. */
  clear(): this {
    this.count = 0;
    return this;
  }

  /** Makes room for so many more; returns the memory. */
  reserve(more: number): Uint32Array {
    if (this.count + more > this.words.length) {
      const grown = new Uint32Array(2 ** Math.ceil(Math.log2(this.count + more)));
      grown.set(this.words.subarray(0, this.count));
      this.words = grown;
    }
    return this.words;
  }

  /** Appends a hash for which there is room. */
  push(hash: number): void {
    this.words[this.count++] = hash;
  }
}
