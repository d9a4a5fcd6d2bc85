// A lane over kafkajs: generations, seats, batches, and what ends it.

import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload, Kafka } from 'kafkajs';
import type { Consumption, ConsumeOptions, FetchSettings, LogAdmin } from '../contract.js';
import { deferred } from '../deferred.js';
import { fenced, isFenced, isGivenUp, noTopic } from '../errors.js';
import { fetchSettings } from '../fetch-settings.js';
import type { Seat } from '../seat.js';
import { kafkaAdmin } from './admin.js';
import { explainForbidden } from './access-faults.js';
import { batchOf } from './batch.js';
import { connect, type KafkaOptions } from './client.js';
import type { OffsetsToCommit } from './committer.js';
import { consumerConfig, sessionTimeoutMs } from './consumer-config.js';
import { isFence, isKafkaError, isOutage, isRebalance, isRetriable, rejoin, restart } from './faults.js';
import { Generation } from './generation.js';
import { explainOutOfLog, fetchedAt } from './out-of-log.js';
import { keepAlive } from './keep-alive.js';
import { acceptGaps } from './repairs.js';
import { topicWatch } from './same-topics.js';
import { sleep } from '../sleep.js';
import { topicIdsOf } from '../topic-ids.js';

const OPEN_AGAIN_MS = 1_000;
/** A topic that is made anew under a running lane is noticed within two of these. */
const TOPICS_MS = 5_000;

/** Opens a lane; throws WK_KAFKA_AWAY, WK_NO_TOPIC. */
export async function consumeKafka(kafka: Kafka, options: KafkaOptions, consume: ConsumeOptions): Promise<Consumption> {
  const consumption = new KafkaConsumption(kafka, options, consume);
  await consumption.start();
  return consumption;
}

class KafkaConsumption implements Consumption {
  readonly done: Promise<void>;
  readonly joined: Promise<void>;
  readonly #options: KafkaOptions;
  readonly #consume: ConsumeOptions;
  readonly #kafka: Kafka;
  readonly #fetch: FetchSettings;
  readonly #consumer: Consumer;
  readonly #sessionTimeoutMs: number;
  readonly #stopping = new AbortController();
  readonly #end = deferred<undefined>();
  readonly #firstAssignment = deferred<undefined>();
  readonly #resumes = new Set<NodeJS.Timeout>();
  #admin: LogAdmin | undefined;
  #generation: Generation | undefined;
  /** Joined so far. */
  #generations = 0;
  #taken: Promise<void> = Promise.resolve();
  #plan = new Map<string, readonly number[]>();
  #payload: EachBatchPayload | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #topicTimer: NodeJS.Timeout | undefined;
  #progressMs = performance.now();
  #confirmedMs = performance.now();
  #fault: { readonly error: unknown } | undefined;
  #stopped: Promise<void> | undefined;

  constructor(kafka: Kafka, options: KafkaOptions, consume: ConsumeOptions) {
    this.#kafka = kafka;
    this.#options = options;
    this.#consume = consume;
    this.#fetch = fetchSettings(consume.lane.fetch);
    this.#sessionTimeoutMs = sessionTimeoutMs(options);
    this.done = this.#end.promise.then(() => undefined);
    this.done.catch(() => undefined);
    this.joined = this.#firstAssignment.promise.then(() => undefined);
    if (consume.acceptGap) acceptGaps(options.prefix + consume.group);
    this.#consumer = kafka.consumer(
      consumerConfig(options, consume, {
        held: () => [...new Set([...this.#plan.values()].flat())],
        mayRestart: () => !this.#fault,
      }),
    );
  }

  async start(): Promise<void> {
    const { topics } = this.#consume.lane;
    this.#admin = await kafkaAdmin(this.#kafka, this.#options);
    const there = await this.#admin.topics();
    const missing = topics.find((topic) => !there.has(topic));
    if (missing !== undefined) {
      await this.#admin.close();
      throw noTopic(this.#options.prefix + missing);
    }
    const look = topicWatch(this.#admin, topics, await topicIdsOf(this.#admin, topics));
    await connect(this.#consumer, this.#options);
    await this.#consumer.subscribe({
      topics: topics.map((topic) => this.#options.prefix + topic),
      fromBeginning: true,
    });
    this.#listen();
    try {
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.#fetch.partitionsAtOnce,
        eachBatch: (payload) => this.#onBatch(payload),
      });
    } catch (error) {
      await this.stop();
      throw this.#explainForbidden(error);
    }
    this.#topicTimer = setInterval(() => {
      void look().then((replaced) => replaced && this.#fail(replaced));
    }, TOPICS_MS);
    this.#idleTimer = setInterval(() => this.#tick(), Math.max(20, Math.min(500, this.#fetch.idleMs / 4)));
  }

  assigned(): ReadonlyMap<string, readonly number[]> {
    return this.#plan;
  }

  msSinceProgress(): number {
    return performance.now() - this.#progressMs;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#idleTimer);
    clearInterval(this.#topicTimer);
    for (const timer of this.#resumes) clearTimeout(timer);
    // While the partitions are still this member's: what is kept now, the next holder need not do again.
    for (const seat of this.#generation?.seats ?? []) await seat.tick().catch((error: unknown) => this.#notice(error));
    await this.#consumer.disconnect().catch((error: unknown) => this.#notice(error));
    await this.#taken.catch(() => undefined);
    await this.#generation?.lose().catch((error: unknown) => {
      this.#fault ??= { error };
    });
    this.#plan = new Map();
    await this.#admin?.close().catch((error: unknown) => this.#notice(error));
    if (this.#fault) this.#end.reject(this.#fault.error);
    else this.#end.resolve(undefined);
  }

  #fail(error: unknown): void {
    this.#fault ??= { error };
    void this.stop();
  }

  #notice(error: unknown): void {
    this.#consume.onNotice?.(error instanceof Error ? error.message : String(error));
  }

  #listen(): void {
    const { GROUP_JOIN, HEARTBEAT, FETCH, CRASH, END_BATCH_PROCESS } = this.#consumer.events;
    const confirmed = (): void => {
      this.#confirmedMs = performance.now();
    };
    this.#consumer.on(HEARTBEAT, confirmed);
    this.#consumer.on(FETCH, () => {
      this.#progressMs = performance.now();
    });
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      confirmed();
      this.#taken = this.#take(payload);
      this.#taken.catch((error: unknown) => this.#fail(error));
    });
    // Batches of transaction markers alone never reach eachBatch, but they move the log's position.
    this.#consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize > 0) return;
      this.#generation
        ?.seat(payload.topic, payload.partition)
        ?.moveTo(Number(payload.lastOffset) + 1, Number(payload.highWatermark));
    });
    this.#consumer.on(CRASH, ({ payload }) => {
      this.#generation?.fence();
      // restart: kafkajs starts again by itself, e.g. "coordinator is loading" at a new broker's first join.
      if (payload.restart) this.#notice(payload.error);
      else void this.#explain(payload.error).then((error) => this.#fail(error));
    });
  }

  async #explain(error: Error): Promise<unknown> {
    // Whoever opens the seats finds the same fault with the same sentence.
    await this.#taken.catch(() => undefined);
    const told = this.#explainForbidden(error);
    if (told !== error) return told;
    const { prefix } = this.#options;
    return explainOutOfLog(error, prefix, this.#admin, (topic, partition) => this.#generation?.seat(topic, partition));
  }

  #explainForbidden(error: unknown): unknown {
    const { prefix, access } = this.#options;
    const { group, lane } = this.#consume;
    return explainForbidden(error, `read ${lane.topics.join(', ')} as group ${prefix}${group}`, access);
  }

  /** A new generation: the seats of the last one are given up, whoever has the partitions now. */
  async #take({ memberAssignment }: ConsumerGroupJoinEvent['payload']): Promise<void> {
    const number = ++this.#generations;
    const lost = this.#generation?.lose();
    const { prefix } = this.#options;
    const assigned = Object.entries(memberAssignment);
    this.#plan = new Map(assigned.map(([topic, partitions]) => [topic.slice(prefix.length), partitions]));
    this.#payload = undefined;
    await lost;
    if (number !== this.#generations || this.#stopping.signal.aborted) return;
    this.#consumer.resume(assigned.map(([topic, partitions]) => ({ topic, partitions })));
    await this.#open(number);
  }

  /** Opens the seats of the newest generation: again and again where Kafka is away meanwhile, until another one begins. */
  async #open(number: number): Promise<void> {
    const isOver = (): boolean => number !== this.#generations || this.#stopping.signal.aborted;
    while (!isOver()) {
      const generation = this.#newGeneration();
      try {
        await generation.open();
        this.#firstAssignment.resolve(undefined);
        this.#consume.onAssigned?.();
        return;
      } catch (error) {
        if (!isOutage(error)) throw error;
        await generation.lose();
        this.#notice(error);
        await sleep(OPEN_AGAIN_MS, this.#stopping.signal);
      }
    }
  }

  #newGeneration(): Generation {
    if (!this.#admin) throw new TypeError('a lane that has not started has no partitions');
    const { prefix } = this.#options;
    const generation = new Generation({
      consume: this.#consume,
      prefix,
      admin: this.#admin,
      idleMs: this.#fetch.idleMs,
      plan: this.#plan,
      group: {
        sessionTimeoutMs: this.#sessionTimeoutMs,
        signal: this.#stopping.signal,
        msSinceHeartbeat: () => performance.now() - this.#confirmedMs,
        heartbeat: () => this.#heartbeat(),
      },
      commit: (offsets) => this.#commit(offsets),
    });
    this.#generation = generation;
    return generation;
  }

  /** Straight to the group; before the generation's first batch by way of the consumer, which kafkajs retries by itself. */
  async #commit(offsets: OffsetsToCommit): Promise<void> {
    if (this.#payload) await this.#payload.commitOffsetsIfNecessary(offsets);
    else {
      const flat = offsets.topics.flatMap(({ topic, partitions }) => partitions.map((one) => ({ topic, ...one })));
      await this.#consumer.commitOffsets(flat);
    }
    this.#confirmedMs = performance.now();
  }

  async #onBatch(payload: EachBatchPayload): Promise<void> {
    // Restoring state may take longer than a session. A failure to open ends the lane by itself.
    const stopWaiting = keepAlive(() => this.#heartbeat(payload));
    await this.#taken.catch(() => undefined).finally(stopWaiting);
    if (this.#fault || this.#stopping.signal.aborted) return;
    const { prefix } = this.#options;
    const seat = this.#generation?.seat(payload.batch.topic, payload.batch.partition);
    if (!seat) return;
    this.#payload = payload;
    const batch = batchOf(payload.batch, prefix, seat.position);
    const { acceptGap = false } = this.#consume;
    const at = await fetchedAt(batch.fetchedOffset, seat, { admin: this.#admin, acceptGap });
    if (at.kind === 'gap') this.#fail(at.error);
    if (at.kind === 'ahead') {
      const { topic, partition, position } = seat;
      this.#notice(
        `Partition ${partition} of ${topic} is read again from ${position}: a fetch began beyond it, at ${batch.fetchedOffset}`,
      );
      this.#readFrom(seat, position);
    }
    if (at.kind !== 'next') return;
    const stopHeartbeats = keepAlive(() => this.#heartbeat(payload));
    try {
      const outcome = await seat.deliver(batch);
      this.#progressMs = performance.now();
      if (outcome.kind === 'done') {
        payload.resolveOffset(payload.batch.lastOffset());
        this.#consume.onFetched?.(batch);
      } else this.#again(payload, outcome.afterMs);
    } catch (error) {
      this.#onFailedBatch(seat, error);
    } finally {
      stopHeartbeats();
    }
  }

  /** Throws what kafkajs must hear to join or start again; anything else ends the lane. */
  #onFailedBatch(seat: Seat, error: unknown): void {
    if (isGivenUp(error, this.#stopping.signal)) return;
    if (isFenced(error)) {
      const cause: unknown = error instanceof Error ? error.cause : undefined;
      if (isKafkaError(cause)) throw cause;
      // Fenced by ourselves: kafkajs does not know yet that this member must join again.
      throw rejoin(error);
    }
    if (isOutage(error) && !this.#stopping.signal.aborted) {
      // The worker may be ahead of what is committed: the next generation opens it anew.
      seat.fence();
      throw restart(error as Error);
    }
    this.#fail(error);
  }

  #again({ batch: { topic, partition } }: EachBatchPayload, afterMs: number): void {
    const partitions = [{ topic, partitions: [partition] }];
    this.#consumer.pause(partitions);
    const timer = setTimeout(() => {
      this.#resumes.delete(timer);
      // Between two generations there is no group to resume in; the next one resumes all.
      try {
        this.#consumer.resume(partitions);
      } catch (error) {
        this.#notice(error);
      }
    }, afterMs);
    this.#resumes.add(timer);
  }

  async #heartbeat(payload = this.#payload): Promise<void> {
    try {
      await payload?.heartbeat();
    } catch (error) {
      // The partition is ours until we join again, which kafkajs does once this batch is done.
      if (isRebalance(error) || isRetriable(error)) return;
      throw isFence(error) ? fenced(`its partitions of group ${this.#consume.group}`, error) : error;
    }
  }

  #tick(): void {
    for (const seat of this.#generation?.seats ?? []) {
      const ticked = seat.tick().then(() => seat.tellIdle());
      ticked.catch((error: unknown) => {
        if (isGivenUp(error, this.#stopping.signal)) return;
        if (isOutage(error) || isFenced(error)) this.#fenceAndWake(seat).catch((fault: unknown) => this.#notice(fault));
        else this.#fail(error);
      });
    }
  }

  /** As in a batch, but kafkajs starts again only from within one: the last record is fetched once more, and finds the seat fenced. */
  async #fenceAndWake(seat: Seat): Promise<void> {
    if (!seat.held) return;
    seat.fence();
    const last = seat.position - 1;
    const begin = (await this.#admin?.ranges(seat.topic))?.[seat.partition]?.begin ?? Infinity;
    if (last < begin || this.#stopping.signal.aborted) return;
    this.#readFrom(seat, last);
  }

  #readFrom({ topic, partition }: Seat, offset: number): void {
    this.#consumer.seek({ topic: this.#options.prefix + topic, partition, offset: String(offset) });
  }
}
