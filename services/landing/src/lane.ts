// A lane of landing: one consumer group, whose partitions each get a lander.

import type {
  Assignment,
  FetchSettings,
  Lane,
  PartitionRange,
  PartitionWorker,
  RoleContext,
} from '@watchkeeper/runtime';
import type { BlockLimits } from './block.js';
import { firstLine, logReplaced } from './errors.js';
import { landInto } from './land.js';
import { nowAndThen, smallOnesInTurn, spaced } from './pace.js';
import { blockLander } from './protocol.js';
import { outcomeOf } from './store-errors.js';
import type { Store } from './store.js';
import type { Target } from './targets.js';

export interface LaneOptions {
  readonly name: string;
  readonly targets: readonly Target[];
  readonly fetch: Partial<FetchSettings>;
  readonly context: RoleContext;
  readonly database: string;
  /** The log_id of a topic's present life. */
  readonly logIdOf: (topic: string) => string;
  readonly limits: BlockLimits;
  /** A partition's blocks begin at least this far apart; what comes meanwhile lands together. */
  readonly spacingMs: number;
  readonly store: Store;
}

const LONGEST_PAUSE_MS = 10_000;
/** A backend that stays away is said again this often, not at every try. */
const SAY_AGAIN_MS = 30_000;
/** As pauses after so many failures: 1.6 to 3.2 s. */
const ASK_AGAIN_FAILURES = 5;

/** Doubling from 200 ms to 10 s, half of it by chance, so that partitions do not come back all at once. */
export function pauseMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(failures, 10));
  return Math.round(full * (0.5 + random() / 2));
}

/** Throws WK_LOG_REPLACED where the log ends below what ClickHouse holds of it. */
export function refuseReplacedLog(topic: string, partition: number, landedTo: number | undefined, end: number): void {
  if (landedTo !== undefined && landedTo >= end) throw logReplaced(topic, partition, landedTo, end);
}

export function laneOf(options: LaneOptions): Lane {
  const { context, store, logIdOf } = options;
  const ranges = shared((topic) => context.admin.ranges(topic));
  const landed = shared((topic) => store.landedTo(logIdOf(topic), topic));
  const inTurn = smallOnesInTurn(options.limits);
  const sayAway = nowAndThen(context.clock, SAY_AGAIN_MS, (error: Error, unsaid) =>
    context.logger.warn(
      { error: firstLine(error), unsaid },
      'a backend is away or busy; the same blocks are tried again until they land',
    ),
  );

  /** Whether the log is the one that was landed; false: ClickHouse is away, and cannot say. Throws WK_LOG_REPLACED. */
  async function isSameLog(topic: string, partition: number): Promise<boolean> {
    const range = await rangeOf(topic, partition);
    let landedTo: number | undefined;
    try {
      landedTo = (await landed(topic)).get(partition);
    } catch (cause) {
      const outcome = outcomeOf(cause);
      if (outcome.kind === 'refused') throw outcome.error;
      sayAway(outcome.error);
      return false;
    }
    refuseReplacedLog(topic, partition, landedTo, range.end);
    return true;
  }

  async function rangeOf(topic: string, partition: number): Promise<PartitionRange> {
    const range = (await ranges(topic)).find((one) => one.partition === partition);
    return range ?? { partition, begin: 0, end: 0 };
  }

  async function open({ topic, partition, committed }: Assignment): Promise<PartitionWorker> {
    const target = options.targets.find((one) => one.topic === topic);
    if (target === undefined) throw new TypeError(`Lane ${options.name} was given ${topic}, which it does not read.`);
    const { begin } = await rangeOf(topic, partition);
    // A rebalance while ClickHouse is away must not end the role: then it is asked before the first batch.
    let isKnown = await isSameLog(topic, partition);
    const land = landInto({
      target,
      partition,
      database: options.database,
      store,
      deadLetters: context.deadLetters,
      schemas: context.schemas,
      metrics: context.metrics,
      clock: context.clock,
      onReadBack: (found) =>
        context.logger.warn(
          { topic, partition, ...found },
          'a block that was interrupted was read back: only what it had not stored goes in',
        ),
    });
    const lander = blockLander({
      topic,
      partition,
      logId: logIdOf(topic),
      committed,
      begin,
      limits: options.limits,
      land: inTurn(land),
      store,
      clock: context.clock,
      pauseMs,
      onAway: sayAway,
    });
    const asking: PartitionWorker = {
      ...lander,
      async onBatch(batch, lease) {
        isKnown ||= await isSameLog(topic, partition);
        return isKnown ? lander.onBatch(batch, lease) : { kind: 'again', afterMs: pauseMs(ASK_AGAIN_FAILURES) };
      },
    };
    return spaced(asking, options.spacingMs, context.clock);
  }

  return { name: options.name, topics: options.targets.map((target) => target.topic), fetch: options.fetch, open };
}

/** One question for all partitions of a topic that are opened together. */
function shared<T>(ask: (topic: string) => Promise<T>): (topic: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return async (topic) => {
    let answer = answers.get(topic);
    if (answer === undefined) {
      answer = ask(topic);
      answers.set(topic, answer);
      const forget = (): boolean => answers.delete(topic);
      void answer.then(() => setTimeout(forget, 1_000).unref(), forget);
    }
    return answer;
  };
}
