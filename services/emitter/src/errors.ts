// The emitter's errors. They are thrown by createEmitter alone: once it stands, nothing is thrown into the agent.

import { WatchkeeperError } from '@watchkeeper/schemas';

/** WK_EMITTER_OPTIONS: createEmitter was called with something that cannot work. */
export function wrongOptions(what: string): WatchkeeperError {
  return new WatchkeeperError('WK_EMITTER_OPTIONS', `createEmitter cannot start: ${what}.`, { exitCode: 2 });
}

/** WK_EMITTER_REJECTED: what a transport throws where no further try can deliver some of the records, e.g. those too large for the topic. */
class RecordsRejected extends WatchkeeperError {
  readonly records: number;

  constructor(records: number, why: string, cause: unknown) {
    super(
      'WK_EMITTER_REJECTED',
      `The log refuses these events for good: ${why}. Lower maxContentBytes, or raise the topic's max.message.bytes.`,
      { cause },
    );
    this.records = records;
  }
}

/** For a transport to throw: so many of the records are refused for good, and all others that were sent with them are delivered. */
export function recordsRejected(records: number, why: string, cause?: unknown): WatchkeeperError {
  return new RecordsRejected(records, why, cause);
}

/** How many records a transport's error says are refused, where it is {@link recordsRejected}. */
export function rejectedBy(error: unknown): number | undefined {
  return error instanceof RecordsRejected ? error.records : undefined;
}
