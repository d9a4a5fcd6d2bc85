// The emitter's errors. They are thrown by createEmitter alone: once it stands, nothing is thrown into the agent.

import { WatchkeeperError } from '@watchkeeper/schemas';

/** WK_EMITTER_OPTIONS: createEmitter was called with something that cannot work. */
export function wrongOptions(what: string): WatchkeeperError {
  return new WatchkeeperError('WK_EMITTER_OPTIONS', `createEmitter cannot start: ${what}.`, { exitCode: 2 });
}

/** WK_EMITTER_REJECTED: a transport throws it for records that no further try can deliver, e.g. one that is too large for the topic. */
export function recordsRejected(why: string, cause?: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_EMITTER_REJECTED',
    `The log refuses these events for good: ${why}. Lower maxContentBytes, or raise the topic's max.message.bytes.`,
    { cause },
  );
}

/** Whether a transport's error is {@link recordsRejected}. */
export function isRejection(error: unknown): boolean {
  return error instanceof WatchkeeperError && error.code === 'WK_EMITTER_REJECTED';
}
