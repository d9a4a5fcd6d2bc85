// A world in memory for the block protocol: an engine that forgets tokens and dies between any two steps, a group with zombies, and a
// scheduler that decides at each step who goes on. The code under test is landing's own, from batch to insert.

import { createMetrics, type Clock, type Commit, type Lease, type LogRecord } from '@watchkeeper/runtime';
import { encodeWire, WatchkeeperError, writerTypes } from '@watchkeeper/schemas';
import { containerHeader } from './container.js';
import { decodeIntent } from './intent.js';
import { landInto, plainSchema } from './land.js';
import { blockLander, type LandBlock } from './protocol.js';
import type { BlockPlace, Insert, Receipt, Store, StoreOutcome } from './store.js';
import type { Target } from './targets.js';
import { aBatch, aControl, aRecord, idOf, writerTypeOf } from './test-support.js';
import { tokenDoubt } from './token-doubt.js';

/** What holds the protocol together; each can be taken away. */
export type Safeguard =
  | 'the pending block is replayed'
  | 'commit comes after the insert'
  | 'the token names the block'
  | 'the closing offset is checked'
  | 'the heartbeat is checked before an insert'
  | 'a doubtful block is read back'
  | 'rollups are mended'
  | 'nothing is read back while an insert is at work'
  | 'nothing is read back while the holder before may begin one'
  | 'a block whose try failed is read back'
  | 'absent rows go in under a name of their own';

/** What the scheduler does next; `pick` chooses among those it may concern. */
export interface Decision {
  readonly what:
    'go' | 'kill' | 'stop' | 'wake' | 'steal' | 'cut' | 'engine dies' | 'fails' | 'tokens fade' | 'tokens are lost';
  readonly pick: number;
}

export interface Schedule {
  /** Offsets that hold a record; the others are holes. */
  readonly offsets: readonly number[];
  readonly fetches: readonly number[];
  readonly limits: readonly number[];
  readonly decisions: readonly Decision[];
}

const SESSION_MS = 30_000;
/** Tokens that a table or view remembers. */
const WINDOW = 24;
const SCHEMA = idOf('Control');
const HEADER_BYTES = containerHeader(plainSchema(writerTypes.Control)).length;
const SYNC_BYTES = 16;
const metrics = createMetrics();
const target: Target = {
  topic: 'agent.controls',
  table: 'control_log',
  schema: 'Control',
  lane: 'signals',
  renamed: {},
};

export const isForeign = (offset: number): boolean => offset % 10 === 7;
/** Its body passes the walk and is not one record all the same. */
export const isStray = (offset: number): boolean => offset % 10 === 3;
const isGood = (offset: number): boolean => !isForeign(offset) && !isStray(offset);

const values = new Map<number, LogRecord>();
function recordAt(offset: number): LogRecord {
  let record = values.get(offset);
  if (record === undefined) {
    const body = encodeWire(SCHEMA, writerTypes.Control, aControl(String(offset)));
    values.set(offset, (record = aRecord(offset, isForeign(offset) ? Buffer.from('foreign') : body)));
  }
  return record;
}

/** Runs a schedule to its end; the laws that it broke. */
export async function runSchedule(schedule: Schedule, without?: Safeguard): Promise<string[]> {
  const world = new World(schedule, without);
  return world.run();
}

interface Waiting {
  readonly worker: Worker;
  readonly at: string;
  readonly go: () => void;
}

interface Worker {
  readonly id: number;
  stopped: boolean;
  ended: boolean;
  confirmedMs: number;
  /** It was told that its tokens stand, and inserts by them. */
  trusts: boolean;
  /** An insert of it has failed, and the intent does not say so yet. */
  isSilent: boolean;
}

/** An insert inside the engine, with a step for each thing that may be the last. */
interface Work {
  readonly by: Worker;
  readonly token: string;
  readonly offsets: readonly number[];
  readonly answer: (outcome: StoreOutcome) => void;
  step: number;
}

class World {
  readonly #schedule: Schedule;
  readonly #without: Safeguard | undefined;
  readonly #broken = new Set<string>();
  readonly #end: number;
  // The engine.
  readonly #rows: number[] = [];
  /** Rows by key that each view has counted. */
  readonly #views = [new Map<number, number>(), new Map<number, number>()];
  readonly #tokens: string[][] = [[], [], []];
  readonly #letters = new Set<number>();
  readonly #receipts = new Map<string, Receipt & { readonly storedMs: number }>();
  #works: Work[] = [];
  /** When other partitions' blocks landed. */
  readonly #others: number[] = [];
  #engineStartedMs = 0;
  #alteredMs = 0;
  #unique = 0;
  // The group.
  #committed: Commit | undefined;
  #owner: Worker | undefined;
  #workers: Worker[] = [];
  #waiting: Waiting[] = [];
  #nowMs = 1_000_000;
  #fetches = 0;

  constructor(schedule: Schedule, without: Safeguard | undefined) {
    this.#schedule = schedule;
    this.#without = without;
    this.#end = Math.max(...schedule.offsets) + 2;
  }

  async run(): Promise<string[]> {
    this.#open();
    for (let n = 0; n < 6_000; n++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#committed?.offset === this.#end && this.#committed.metadata === '') {
        // Whoever still sleeps wakes up now, and whatever is at work ends.
        for (const worker of this.#workers) worker.stopped = false;
        if (this.#waiting.length === 0 && this.#works.length === 0) break;
      }
      this.#nowMs += 1_000;
      this.#decide(this.#schedule.decisions[n] ?? { what: 'go', pick: n });
    }
    this.#judge();
    return [...this.#broken];
  }

  // ---- the scheduler

  #decide({ what, pick }: Decision): void {
    const owner = this.#owner;
    // An insert that fails between its token and its rows while nobody waits for it any more, or waits and cannot say so, is not covered, either.
    if (owner?.isSilent === true && (what === 'kill' || what === 'stop' || what === 'steal')) return;
    switch (what) {
      case 'kill':
        if (owner !== undefined) this.#replace(owner, 'dies');
        return;
      case 'stop':
        // Not between the check and the insert: nothing outside of ClickHouse can hold back what is already on its way.
        if (owner !== undefined && !this.#waiting.some(({ worker, at }) => worker === owner && at === 'send'))
          this.#replace(owner, 'sleeps');
        return;
      case 'steal':
        if (owner !== undefined) this.#replace(owner, 'goes on');
        return;
      case 'wake':
        for (const worker of this.#workers) worker.stopped = false;
        return;
      case 'cut': {
        const work = this.#works[pick % Math.max(1, this.#works.length)];
        work?.answer({ kind: 'away', error: new Error('cut') });
        return;
      }
      case 'fails': {
        const work = this.#works[pick % Math.max(1, this.#works.length)];
        if (work === undefined || work.by !== owner || this.#isBlindSpot()) return;
        work.by.isSilent = true;
        this.#finish(work, { kind: 'away', error: new Error('the disk is full') });
        return;
      }
      case 'engine dies':
        if (this.#isBlindSpot()) return;
        this.#engineStartedMs = this.#nowMs;
        for (const work of this.#works.splice(0)) work.answer({ kind: 'away', error: new Error('the engine died') });
        return;
      case 'tokens fade':
        if (this.#isTrusting()) return;
        for (let n = 0; n <= pick % 8; n++) {
          this.#others.push(this.#nowMs);
          for (const table of this.#tokens.keys()) this.#remember(table, `other ${this.#unique++}`);
        }
        return;
      case 'tokens are lost':
        if (this.#isTrusting()) return;
        this.#alteredMs = this.#nowMs;
        for (const tokens of this.#tokens) tokens.length = 0;
        return;
      case 'go':
        this.#go(pick);
    }
  }

  /**
   * Known and not covered (decision 70): an insert ends between its token and its rows, and a holder that lost the partition while it lives
   * has an insert of the same block at work or yet to begin.
   */
  #isBlindSpot(): boolean {
    return this.#workers.some(
      (worker) =>
        worker !== this.#owner &&
        !worker.ended &&
        (this.#nowMs - worker.confirmedMs < SESSION_MS ||
          this.#waiting.some((one) => one.worker === worker && one.at === 'send') ||
          this.#works.some(({ by }) => by === worker)),
    );
  }

  /** Between the look at the tokens and the end of the insert nobody alters tables, and three quarters of the window do not pass. */
  #isTrusting(): boolean {
    if (this.#works.length > 0) return true;
    return this.#workers.some(({ trusts, stopped, ended }) => trusts && !stopped && !ended);
  }

  #go(pick: number): void {
    const able = this.#waiting.filter(({ worker }) => !worker.stopped);
    const choices = able.length + this.#works.length;
    if (choices === 0) {
      if (this.#owner === undefined || this.#owner.ended) this.#open();
      return;
    }
    const chosen = pick % choices;
    const waiting = able[chosen];
    if (waiting === undefined) {
      const work = this.#works[chosen - able.length];
      if (work !== undefined) this.#advance(work);
      return;
    }
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    waiting.go();
  }

  #replace(owner: Worker, how: 'dies' | 'sleeps' | 'goes on'): void {
    owner.confirmedMs = this.#nowMs;
    if (how === 'dies') {
      owner.ended = true;
      this.#waiting = this.#waiting.filter(({ worker }) => worker !== owner);
    } else owner.stopped = how === 'sleeps';
    // Who leaves or is thrown out is replaced at once; who falls silent, once its session has ended.
    if (how !== 'goes on') this.#nowMs += SESSION_MS + 1_000;
    this.#open();
  }

  /** Lets the scheduler decide when `worker` goes on; a dead one never does. */
  #gate(worker: Worker, at: string): Promise<void> {
    if (worker.ended) return new Promise(() => undefined);
    return new Promise((go) => this.#waiting.push({ worker, at, go }));
  }

  // ---- the group

  #open(): void {
    const worker: Worker = {
      id: this.#workers.length,
      stopped: false,
      ended: false,
      confirmedMs: this.#nowMs,
      trusts: false,
      isSilent: false,
    };
    this.#workers.push(worker);
    this.#owner = worker;
    void this.#live(worker).catch((error: unknown) => {
      worker.ended = true;
      const fenced = error instanceof WatchkeeperError && error.code === 'WK_FENCED';
      if (!fenced) this.#broken.add(`a holder failed: ${String(error)}`);
    });
  }

  async #live(worker: Worker): Promise<void> {
    const clock: Clock = { nowMs: () => this.#nowMs, nowMicros: () => this.#nowMs * 1_000 };
    const lease = this.#leaseOf(worker);
    const store = this.#storeOf(worker);
    const committed =
      this.#committed && this.#without === 'the pending block is replayed'
        ? { ...this.#committed, metadata: '' }
        : this.#committed;
    const { offsets, fetches, limits } = this.#schedule;
    const land = landInto({
      target,
      partition: 0,
      database: 'db',
      store,
      deadLetters: {
        note: () => undefined,
        send: async (bad) => {
          await this.#gate(worker, 'letters');
          for (const { record } of bad) this.#letters.add(record.offset);
          await this.#gate(worker, 'letters sent');
        },
      },
      schemas: { writerTypeOf, prefetch: () => Promise.resolve(true) },
      metrics,
      clock,
    });
    const unhurried: LandBlock = (block, logId, attempt) =>
      land(block, logId, {
        ...attempt,
        alone: attempt.alone || this.#without === 'nothing is read back while the holder before may begin one',
        failed: attempt.failed && this.#without !== 'a block whose try failed is read back',
      });
    const hasty: LandBlock = async (block, ...rest) => {
      await lease.commit(block.last + 1);
      return land(block, ...rest);
    };
    const lander = blockLander({
      topic: target.topic,
      partition: 0,
      logId: 'log@1',
      committed,
      begin: 0,
      limits: { rows: limits[worker.id % limits.length] ?? 3, bytes: 1e9 },
      land: this.#without === 'commit comes after the insert' ? hasty : unhurried,
      store,
      clock,
      pauseMs: () => 1,
    });
    let from = committed?.offset ?? 0;
    while (from < this.#end) {
      const next = Math.min(this.#end, from + (fetches[this.#fetches++ % fetches.length] ?? 5));
      const records = offsets.filter((offset) => offset >= from && offset < next).map(recordAt);
      const outcome = await lander.onBatch({ ...aBatch(records, next), topic: target.topic }, lease);
      if (outcome.kind === 'done') from = next;
      await this.#gate(worker, outcome.kind);
    }
    worker.ended = true;
  }

  #leaseOf(worker: Worker): Lease {
    const isOwner = (): boolean => this.#owner === worker;
    const mustOwn = (): void => {
      if (!isOwner()) throw new WatchkeeperError('WK_FENCED', 'no longer yours');
    };
    const unchecked = this.#without === 'the heartbeat is checked before an insert';
    return {
      sessionTimeoutMs: SESSION_MS,
      signal: new AbortController().signal,
      msSinceHeartbeat: () => (unchecked || isOwner() ? 0 : this.#nowMs - worker.confirmedMs),
      heartbeat: async () => {
        await this.#gate(worker, 'heartbeat');
        mustOwn();
      },
      commit: async (offset, metadata = '') => {
        await this.#gate(worker, 'commit');
        mustOwn();
        if (offset < (this.#committed?.offset ?? 0)) this.#broken.add('a commit went back');
        for (const one of this.#schedule.offsets)
          if (one < offset && !(isGood(one) ? this.#rows.includes(one) : this.#letters.has(one)))
            this.#broken.add('an offset was committed past unlanded');
        this.#committed = { offset, metadata };
        if (metadata === '' || decodeIntent(metadata)?.failed === true) worker.isSilent = false;
        await this.#gate(worker, 'committed');
      },
    };
  }

  // ---- the engine

  #storeOf(worker: Worker): Store {
    const without = this.#without;
    return {
      insert: async (insert) => {
        await this.#gate(worker, 'send');
        const outcome = await this.#begin(worker, insert);
        await this.#gate(worker, 'answer');
        worker.trusts &&= outcome.kind === 'refused';
        return outcome;
      },
      parse: async (_, body) => {
        await this.#gate(worker, 'parse');
        return this.#parses(offsetsIn(body)) ? { kind: 'stored' } : { kind: 'refused', error: new Error('WK_BODY') };
      },
      putReceipt: async (receipt) => {
        await this.#gate(worker, 'receipt');
        const key = `${receipt.first}-${receipt.last}`;
        if (!this.#receipts.has(key)) this.#receipts.set(key, { ...receipt, storedMs: this.#nowMs });
        await this.#gate(worker, 'receipt stored');
        return { kind: 'stored' };
      },
      landedTo: () => Promise.resolve(new Map()),
      readBack: {
        doubt: async ({ first }) => {
          await this.#gate(worker, 'doubt');
          if (without === 'a doubtful block is read back') return undefined;
          const why = tokenDoubt(this.#evidence(first));
          worker.trusts = why === undefined;
          return why;
        },
        isRunning: async (tokenStart) => {
          await this.#gate(worker, 'running');
          if (without === 'nothing is read back while an insert is at work') return false;
          return this.#works.some(({ token }) => token.startsWith(tokenStart));
        },
        offsetsIn: async ({ first, last }) => {
          await this.#gate(worker, 'read back');
          return new Set(this.#rows.filter((offset) => offset >= first && offset <= last));
        },
        mend: async (place, _, beforeInsert) => {
          if (without === 'rollups are mended') return 0;
          await this.#gate(worker, 'mend');
          await beforeInsert();
          const mended = this.#mend(place);
          await this.#gate(worker, 'mended');
          return mended;
        },
      },
    };
  }

  #begin(by: Worker, insert: Insert): Promise<StoreOutcome> {
    const { body } = insert;
    const isNamed = this.#without !== 'absent rows go in under a name of their own';
    const token = isNamed ? insert.token : insert.token.replace(/:absent:.*/, ':absent');
    const named = this.#without === 'the token names the block' ? `${token} ${this.#unique++}` : token;
    const work = { by, token: named, offsets: offsetsIn(body), step: 0 };
    return new Promise((answer) => this.#works.push({ ...work, answer }));
  }

  #parses(offsets: readonly number[]): boolean {
    return this.#without === 'the closing offset is checked' || !offsets.some(isStray);
  }

  /** Table first, then view by view; in each the token is remembered before the rows are there, as the engine does it. */
  #advance(work: Work): void {
    const step = work.step++;
    if (step === 0 && !this.#parses(work.offsets)) this.#finish(work, { kind: 'refused', error: new Error('WK_BODY') });
    if (step === 0) return;
    const table = (step - 1) >> 1;
    if (table >= this.#tokens.length) {
      this.#finish(work, { kind: 'stored' });
      return;
    }
    if ((step - 1) % 2 === 0) {
      if (this.#tokens[table]?.includes(work.token) === true) work.step++;
      else this.#remember(table, work.token);
    } else if (table === 0) this.#rows.push(...work.offsets);
    else for (const offset of work.offsets) this.#count(table - 1, offset, 1);
  }

  #finish(work: Work, outcome: StoreOutcome): void {
    this.#works = this.#works.filter((one) => one !== work);
    work.answer(outcome);
  }

  #remember(table: number, token: string): void {
    const tokens = this.#tokens[table];
    tokens?.push(token);
    if ((tokens?.length ?? 0) > WINDOW) tokens?.shift();
  }

  #count(view: number, offset: number, by: number): void {
    const counts = this.#views[view];
    counts?.set(keyOf(view, offset), (counts.get(keyOf(view, offset)) ?? 0) + by);
  }

  #mend({ first, last }: BlockPlace): number {
    let mended = 0;
    for (const [view, counts] of this.#views.entries()) {
      const touched = new Set(
        this.#rows.filter((one) => one >= first && one <= last).map((offset) => keyOf(view, offset)),
      );
      for (const key of touched) {
        const wanted = this.#rows.filter((offset) => keyOf(view, offset) === key).length;
        if (wanted > (counts.get(key) ?? 0)) mended += 1;
        counts.set(key, Math.max(wanted, counts.get(key) ?? 0));
      }
    }
    return mended;
  }

  #evidence(first: number) {
    const receipts = [...this.#receipts.values()];
    const before = receipts.filter((one) => one.first < first).sort((a, b) => b.first - a.first)[0];
    return {
      receiptBeforeMicros: before === undefined ? undefined : before.storedMs * 1_000,
      blocksSince: [...receipts.map(({ storedMs }) => storedMs), ...this.#others].filter(
        (ms) => ms >= (before?.storedMs ?? 0),
      ).length,
      windowBlocks: WINDOW,
      windowSeconds: undefined,
      tablesChangedMicros: this.#alteredMs * 1_000,
      engineStartedMicros: this.#engineStartedMs * 1_000,
      nowMicros: this.#nowMs * 1_000,
    };
  }

  // ---- the laws

  #judge(): void {
    const good = this.#schedule.offsets.filter(isGood);
    const sorted = [...this.#rows].sort((a, b) => a - b);
    if (this.#committed?.offset !== this.#end) this.#broken.add('it did not come to its end');
    if (JSON.stringify(sorted) !== JSON.stringify(good))
      this.#broken.add('the table does not hold each good offset once');
    for (const [view, counts] of this.#views.entries()) {
      const wanted = new Map<number, number>();
      for (const offset of good) wanted.set(keyOf(view, offset), (wanted.get(keyOf(view, offset)) ?? 0) + 1);
      if ([...wanted].some(([key, count]) => counts.get(key) !== count))
        this.#broken.add('a view does not count each good offset once');
    }
    const bad = this.#schedule.offsets.filter((offset) => !isGood(offset));
    if (bad.some((offset) => !this.#letters.has(offset))) this.#broken.add('a bad record is no dead letter');
    if ([...this.#letters].some(isGood)) this.#broken.add('a good record is a dead letter');
    let next = 0;
    for (const receipt of [...this.#receipts.values()].sort((a, b) => a.first - b.first)) {
      const counted = receipt.rows + receipt.deadLetters + receipt.holes;
      if (receipt.first !== next || counted !== receipt.last - receipt.first + 1)
        this.#broken.add('receipts do not tile the log');
      next = receipt.last + 1;
    }
  }
}

const keyOf = (view: number, offset: number): number => offset % (view + 2);

/** Offsets of a container's rows: each message begins with count, size, partition, offset. */
function offsetsIn(body: Buffer): number[] {
  const offsets: number[] = [];
  let at = HEADER_BYTES;
  const long = (): number => {
    let [value, factor] = [0, 1];
    for (let byte = 128; byte >= 128; factor *= 128) {
      byte = body[at++] ?? 0;
      value += (byte & 127) * factor;
    }
    return value / 2;
  };
  while (at < body.length) {
    long();
    const size = long();
    const end = at + size + SYNC_BYTES;
    long();
    offsets.push(long());
    at = end;
  }
  return offsets;
}
