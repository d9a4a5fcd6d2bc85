// One generation of a group: the seats that this member was given, and their commits.

import type { Assignment, ConsumeOptions, LogAdmin } from '../contract.js';
import { Seat, type SeatGroup } from '../seat.js';
import { startOffset } from '../start-offset.js';
import { Committer, type OffsetsToCommit } from './committer.js';

export interface GenerationOptions {
  readonly consume: ConsumeOptions;
  readonly prefix: string;
  readonly admin: LogAdmin;
  readonly idleMs: number;
  /** Topic (without prefix) → partitions. */
  readonly plan: ReadonlyMap<string, readonly number[]>;
  readonly group: Omit<SeatGroup, 'commit'>;
  /** Sends offsets straight to the group; throws kafkajs' errors. */
  readonly commit: (offsets: OffsetsToCommit) => Promise<void>;
}

/** Invariant: once lost, nothing is committed in its name. */
export class Generation {
  readonly #options: GenerationOptions;
  readonly #committer: Committer;
  #seats = new Map<string, Seat>();
  #lost = false;

  constructor(options: GenerationOptions) {
    this.#options = options;
    this.#committer = new Committer(options.commit);
  }

  get seats(): Iterable<Seat> {
    return this.#seats.values();
  }

  /** `topic` with its prefix, as kafkajs names it. */
  seat(topic: string, partition: number): Seat | undefined {
    return this.#seats.get(seatKey(topic, partition));
  }

  /** Reads what is committed and opens every worker. Throws WK_LOG_GAP, WK_LOG_REPLACED, and what a worker's opening throws. */
  async open(): Promise<void> {
    const { plan, prefix } = this.#options;
    const seats = (await Promise.all([...plan].map(([topic, partitions]) => this.#seatsOf(topic, partitions)))).flat();
    if (this.#lost) return;
    this.#seats = new Map(seats.map((seat) => [seatKey(prefix + seat.topic, seat.partition), seat]));
    await Promise.all(seats.map((seat) => seat.open()));
  }

  /** Fences at once, without waiting for what is at hand. */
  fence(): void {
    this.#committer.close();
    for (const seat of this.seats) seat.fence();
  }

  /** Gives the seats up; resolves when their workers have closed. */
  async lose(): Promise<void> {
    this.#lost = true;
    this.#committer.close();
    const seats = [...this.seats];
    this.#seats = new Map();
    await Promise.all(seats.map((seat) => seat.lose()));
  }

  async #seatsOf(topic: string, partitions: readonly number[]): Promise<Seat[]> {
    const { admin, consume, prefix, group, idleMs } = this.#options;
    const ranges = await admin.ranges(topic);
    const commits = await admin.committed(consume.group, topic);
    const life = await admin.lifeOf(topic);
    return partitions.map((partition) => {
      const committed = commits.get(partition);
      const assignment: Assignment = { topic, partition, partitions: ranges.length, committed, life };
      const range = ranges[partition] ?? { begin: 0, end: 0 };
      return new Seat({
        lane: consume.lane,
        assignment,
        startOffset: startOffset(assignment, range, consume.acceptGap ?? false),
        endOffset: range.end,
        idleMs,
        group: {
          sessionTimeoutMs: group.sessionTimeoutMs,
          signal: group.signal,
          msSinceHeartbeat: () => group.msSinceHeartbeat(),
          heartbeat: () => group.heartbeat(),
          commit: (_topic, _partition, commit) => this.#committer.commit(prefix + topic, partition, commit),
        },
      });
    });
  }
}

const seatKey = (topic: string, partition: number): string => `${topic}/${partition}`;
