// A consumer group of the log in memory: members, generations, commits.

import { planAssignment } from './assignment.js';
import type { Commit, ConsumeOptions, Consumption } from './contract.js';
import { MemoryMember, type MemberGroup, type MemoryPartition } from './memory-member.js';

export interface MemoryGroupOptions {
  readonly partitionsOf: (topic: string) => readonly MemoryPartition[];
  readonly lifeOf: (topic: string) => string | undefined;
  readonly watchers: Set<() => void>;
  readonly changed: () => void;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly maxBatch: number;
}

/** Rebalances are eager, as Kafka's classic protocol is: all stop, all are dealt anew, all go on. */
export class MemoryGroup implements MemberGroup {
  readonly #options: MemoryGroupOptions;
  readonly #commits = new Map<string, Map<number, Commit>>();
  readonly #members = new Set<MemoryMember>();
  #turn: Promise<void> = Promise.resolve();
  #lastId = 0;

  constructor(options: MemoryGroupOptions) {
    this.#options = options;
  }

  /** Members. */
  get size(): number {
    return this.#members.size;
  }

  get watchers(): Set<() => void> {
    return this.#options.watchers;
  }

  get sessionTimeoutMs(): number {
    return this.#options.sessionTimeoutMs;
  }

  get rebalanceTimeoutMs(): number {
    return this.#options.rebalanceTimeoutMs;
  }

  get maxBatch(): number {
    return this.#options.maxBatch;
  }

  partitionsOf(topic: string): readonly MemoryPartition[] {
    return this.#options.partitionsOf(topic);
  }

  lifeOf(topic: string): string | undefined {
    return this.#options.lifeOf(topic);
  }

  /** A topic is deleted: as at Kafka, what was committed of it is gone. */
  forget(topic: string): void {
    this.#commits.delete(topic);
  }

  async join(consume: ConsumeOptions): Promise<Consumption> {
    consume.lane.topics.forEach((topic) => this.partitionsOf(topic));
    const member = new MemoryMember(`member-${++this.#lastId}`, this, consume);
    this.#members.add(member);
    await this.#rebalance();
    return member;
  }

  async leave(member: MemoryMember): Promise<void> {
    if (this.#members.delete(member)) await this.#rebalance();
  }

  async rejoin(member: MemoryMember): Promise<void> {
    this.#members.add(member);
    // Not awaited: the rebalance waits for the very work that was fenced.
    void this.#rebalance();
    await Promise.resolve();
  }

  has(member: MemoryMember): boolean {
    return this.#members.has(member);
  }

  commit(topic: string, partition: number, commit: Commit): void {
    const commits = this.#commits.get(topic) ?? new Map<number, Commit>();
    this.#commits.set(topic, commits);
    commits.set(partition, commit);
    this.#options.changed();
  }

  committed(topic: string, partition: number): Commit | undefined {
    return this.#commits.get(topic)?.get(partition);
  }

  commitsOf(topic: string): ReadonlyMap<number, Commit> {
    return new Map(this.#commits.get(topic));
  }

  #rebalance(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#deal());
    return this.#turn;
  }

  async #deal(): Promise<void> {
    const released = await Promise.all(
      [...this.#members].map(async (member) => [member, await member.release()] as const),
    );
    // A member that did not let go in time is out, as a broker would have it.
    for (const [member, inTime] of released) if (!inTime) this.#members.delete(member);
    const members = [...this.#members];
    const topics = new Set(members.flatMap((member) => member.topics));
    const plan = planAssignment(
      members.map((member) => ({ id: member.id, topics: member.topics, held: member.numbers })),
      new Map([...topics].map((topic) => [topic, this.partitionsOf(topic).length])),
    );
    await Promise.all(members.map((member) => member.take(plan.get(member.id) ?? new Map<string, number[]>())));
  }
}
