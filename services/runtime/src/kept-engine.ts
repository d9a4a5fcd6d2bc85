// One partition's engine, how far it has come, and where its state is kept.

import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { changelogTopic } from './changelog-records.js';
import type { Assignment, Commit, Lease, LogRecord } from './contract.js';
import { otherLog, stateIncomplete } from './errors.js';
import { KeyedEngine, type EngineOptions } from './keyed-engine.js';
import type { RoleContext } from './role.js';
import type { StateMemory } from './state-memory.js';
import type { RestoredPartition, StateChange, StateKeeper } from './state-store.js';

/** The last record read; its append time or, where that is later, the time at which idleness was last acted on. */
export type LastSeen = Pick<LogRecord, 'offset' | 'timestampMs'>;

/** Of 85 to 97 µs that a state of 1 kB costs the thread, 35 go into encoding; the rest into records, their checksum and the socket. */
const WHOLE_TO_ENCODING = 2.5;

/**
 * Invariant: the engine is a function of the log below `position`, unless `isSound` is false; and it may write while nobody has opened
 * the keeper's place since. So one that no idleness moves may be kept over a rebalance, whatever happened meanwhile: at worst its next checkpoint is fenced.
 */
export class KeptEngine<State, Input, Output> {
  readonly engine: KeyedEngine<State, Input, Output>;
  /** False from the first record of a batch until all that came of it is acknowledged. */
  isSound = true;
  lastSeen: LastSeen | undefined;
  /** Of the topic that it is a function of. */
  readonly life: string | undefined;
  readonly #keeper: StateKeeper;
  #position: number | undefined;
  #committed: number | undefined;
  #hasChanged = false;

  private constructor(
    engine: KeyedEngine<State, Input, Output>,
    keeper: StateKeeper,
    life: string | undefined,
    position: number | undefined,
    lastSeen: LastSeen | undefined,
  ) {
    this.engine = engine;
    this.lastSeen = lastSeen;
    this.life = life;
    this.#keeper = keeper;
    this.#position = position;
    this.#committed = position;
  }

  /** Takes the partition over: fences, then restores. */
  static async open<State, Input, Output>(
    options: EngineOptions<State, Input, Output>,
    context: RoleContext,
    assignment: Assignment,
    memory: StateMemory,
  ): Promise<KeptEngine<State, Input, Output>> {
    const { role, states, logger } = context;
    const { topic, partition, partitions, committed, life } = assignment;
    const { id, version } = options.detector;
    const keeper = await states.open({ role, topic, partition, partitions, life, detector: { id, version } });
    const engine = new KeyedEngine(options, { trackChanges: states.durable, memory: memory.open() });
    try {
      const restored = await keeper.restore(engine);
      if (restored && fits(restored, topic, partition, committed, life)) {
        const { lastSeen, watermark, keys } = readPartitionRecord(restored.partition);
        if (keys !== undefined && keys !== engine.size)
          tellIncomplete(context, assignment, `${engine.size} of ${keys} keys`);
        engine.restore(watermark);
        return new KeptEngine(engine, keeper, life, restored.offset, lastSeen);
      }
      if (states.durable && committed && !restored && (await isCut(context, assignment)))
        tellIncomplete(context, assignment, 'no checkpoint');
      engine.bury();
      const about = { topic, partition, committed: committed?.offset, kept: restored?.offset };
      if (states.durable && (committed ?? restored))
        logger.warn(about, 'no state fits the committed offset: it begins empty');
      return new KeptEngine(engine, keeper, life, committed?.offset, undefined);
    } catch (error) {
      engine.close();
      await keeper.close();
      throw error;
    }
  }

  /** The first offset not taken in; undefined where the log's beginning is. */
  get position(): number | undefined {
    return this.#position;
  }

  /** `position` as of the last checkpoint. */
  get committed(): number | undefined {
    return this.#committed;
  }

  /** True where a checkpoint would say something new. */
  get isAhead(): boolean {
    return this.#hasChanged;
  }

  /** All below `nextOffset` has been taken in, and what came of it is acknowledged. */
  moveTo(nextOffset: number | undefined): void {
    this.isSound = true;
    if (nextOffset === undefined) return;
    this.#position = Math.max(this.#position ?? 0, nextOffset);
    this.#hasChanged = true;
  }

  /** State and offset together: bytes written, and milliseconds of the thread's time that it took, about. Throws WK_FENCED. */
  async checkpoint(lease: Lease): Promise<{ bytes: number; threadMs: number }> {
    const nextOffset = this.#position;
    if (nextOffset === undefined) return { bytes: 0, threadMs: 0 };
    this.isSound = false;
    let encodingMs = 0;
    const timed = function* (changes: Iterator<StateChange, undefined>): Generator<StateChange> {
      for (;;) {
        const startMs = performance.now();
        const next = changes.next();
        encodingMs += performance.now() - startMs;
        if (next.done === true) return;
        yield next.value;
      }
    };
    const changes = timed(this.engine.takeChanges());
    const partition = partitionRecord(this.lastSeen, this.engine.size, this.engine.encodePartition());
    const bytes = await this.#keeper.checkpoint({ changes, partition }, nextOffset, lease);
    this.#committed = nextOffset;
    this.#hasChanged = false;
    this.isSound = true;
    return { bytes, threadMs: encodingMs * WHOLE_TO_ENCODING };
  }

  close(): Promise<void> {
    this.engine.close();
    return this.#keeper.close();
  }
}

/** Whether to go on from what was kept. Throws WK_OTHER_LOG where it is of another log than the one that is committed of. */
function fits(
  { offset, life: keptIn }: RestoredPartition,
  topic: string,
  partition: number,
  committed: Commit | undefined,
  life: string | undefined,
): boolean {
  const isSameLife = keptIn === undefined || life === undefined ? undefined : keptIn === life;
  if (isSameLife === false) {
    if (committed) throw otherLog(topic, partition);
    return false;
  }
  // Without a commit: the group's offsets ran out, or were read before a predecessor's first checkpoint. Or the topic was made anew, unless we know.
  if (!committed) return isSameLife === true;
  // A later commit was made without keeping state (STATE_STORE=memory, or by hand): what lies in between was never judged by what was kept.
  return offset >= committed.offset;
}

interface PartitionRecord {
  readonly lastSeen: LastSeen | undefined;
  /** Keys whose states the changelog holds as of this record; undefined: of before they were counted. */
  readonly keys: number | undefined;
  readonly watermark: Buffer;
}

function partitionRecord(lastSeen: LastSeen | undefined, keys: number, watermark: Buffer): Buffer {
  return new StateWriter(2)
    .int(lastSeen?.offset ?? -1)
    .int(lastSeen?.timestampMs ?? 0)
    .bytes(watermark)
    .int(keys)
    .done();
}

function readPartitionRecord(bytes: Buffer): PartitionRecord {
  const reader = new StateReader(bytes, [1, 2]);
  const seen = { offset: reader.int(), timestampMs: reader.int() };
  const lastSeen = seen.offset < 0 ? undefined : seen;
  const watermark = reader.bytes();
  return { lastSeen, watermark, keys: reader.version === 1 ? undefined : reader.int() };
}

/** True where records were removed from the changelog's beginning, which compaction never does. */
async function isCut({ admin, role }: RoleContext, { topic, partition }: Assignment): Promise<boolean> {
  const ranges = await admin.ranges(changelogTopic(role, topic));
  return (ranges.find((range) => range.partition === partition)?.begin ?? 0) > 0;
}

/** Throws WK_STATE_INCOMPLETE; with ACCEPT_GAP it is a warning. */
function tellIncomplete(
  { role, settings, logger }: RoleContext,
  { topic, partition }: Assignment,
  found: string,
): void {
  const fault = stateIncomplete(changelogTopic(role, topic), partition, found);
  if (!settings.ACCEPT_GAP) throw fault;
  logger.warn({ topic, partition }, fault.message);
}
