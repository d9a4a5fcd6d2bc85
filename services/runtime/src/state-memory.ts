// How much keyed state a role holds in memory, shared by its partitions; what is beyond waits on disk.

import { ColdFile } from './cold-file.js';

/** One partition's share. */
export interface MemoryShare {
  /** Bytes of states, as written, that it may hold in memory now. */
  readonly bytes: number;
  readonly cold: ColdFile;
  close(): void;
}

/** Partitions share alike: whoever opens one more leaves less to each, and they make room as they go on. */
export class StateMemory {
  readonly #bytes: number;
  readonly #dir: string;
  #shares = 0;

  constructor({ bytes, dir }: { bytes: number; dir: string }) {
    this.#bytes = bytes;
    this.#dir = dir;
  }

  open(): MemoryShare {
    this.#shares++;
    const cold = new ColdFile(this.#dir);
    let isOpen = true;
    const each = (): number => this.#bytes / this.#shares;
    return {
      get bytes() {
        return each();
      },
      cold,
      close: () => {
        if (isOpen) this.#shares--;
        isOpen = false;
        cold.close();
      },
    };
  }
}
