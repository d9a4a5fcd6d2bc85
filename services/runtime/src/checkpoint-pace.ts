// When a partition's next checkpoint is due: often, but all of a lane's together never at more than a share of the thread's time.

export interface PaceOptions {
  /** From one checkpoint of a partition to the next, at least. */
  readonly intervalMs: number;
  /** So many intervals where the log is read from behind: catching up comes first, and what a crash would repeat is soon done again. */
  readonly behind: number;
  /** The most of the time that the lane's checkpoints may take, 0 to 1: where they take long, the interval grows. */
  readonly maxShare: number;
  /** At the log's end nothing has come for so long: what there is is kept at once. */
  readonly quietMs: number;
  /** However long checkpoints take: no more input than this is done again after a crash. */
  readonly longestMs: number;
}

const DEFAULTS: Omit<PaceOptions, 'intervalMs'> = { behind: 12, maxShare: 0.03, quietMs: 1_000, longestMs: 60_000 };

/** The pace of a lane. Times are milliseconds of any clock that does not go back. */
export class CheckpointPace {
  readonly #options: PaceOptions;
  /** What each partition's last checkpoint took. */
  readonly #tookMs = new Map<string, number>();

  constructor(options: Pick<PaceOptions, 'intervalMs'> & Partial<PaceOptions>) {
    this.#options = { ...DEFAULTS, ...options };
  }

  get intervalMs(): number {
    let sumMs = 0;
    for (const tookMs of this.#tookMs.values()) sumMs += tookMs;
    const { intervalMs, maxShare, longestMs } = this.#options;
    return Math.max(intervalMs, Math.min(longestMs, sumMs / maxShare));
  }

  /** `phase`, 0 to 1, puts the first checkpoints of a member's partitions one after the other. */
  partition(place: string, nowMs: number, phase: number): PartitionPace {
    let lastMs = nowMs - this.intervalMs * (1 - phase);
    let quietSinceMs = Infinity;
    let isBehind = false;
    const dueAfterMs = (): number => {
      const { behind, longestMs } = this.#options;
      const { intervalMs } = this;
      return isBehind ? Math.max(intervalMs, Math.min(longestMs, intervalMs * behind)) : intervalMs;
    };
    return {
      gotInput: (atMs, atLogEnd) => {
        isBehind = !atLogEnd;
        quietSinceMs = atLogEnd ? atMs : Infinity;
      },
      isDue: (atMs) => atMs - lastMs >= dueAfterMs() || atMs - quietSinceMs >= this.#options.quietMs,
      took: (tookMs, atMs) => {
        lastMs = atMs;
        this.#tookMs.set(place, tookMs);
      },
      end: () => void this.#tookMs.delete(place),
    };
  }
}

/** The pace of one partition while a worker holds it. */
export interface PartitionPace {
  gotInput(nowMs: number, atLogEnd: boolean): void;
  isDue(nowMs: number): boolean;
  /** A checkpoint has ended that took `tookMs` of the thread's time. */
  took(tookMs: number, nowMs: number): void;
  end(): void;
}
