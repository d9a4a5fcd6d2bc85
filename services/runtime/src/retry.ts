// The one retry: bounded, with full jitter, ended by a signal.

import { sleep } from './sleep.js';

export interface RetryOptions {
  /** Tries in all, the first one counted. */
  readonly tries: number;
  /** The wait before the second try is at most this, and doubles from then on. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** False for an error that another try cannot mend. */
  readonly retriable?: (error: unknown) => boolean;
  readonly signal?: AbortSignal;
  readonly onRetry?: (error: unknown, triesLeft: number) => void;
  /** 0 to 1; for tests. */
  readonly random?: () => number;
}

/** Calls `attempt` until it resolves. Throws the last error where tries, patience or the signal end. Jitter: AWS, "Exponential backoff and jitter". */
export async function retry<T>(attempt: (tryNumber: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { tries, firstMs, maxMs, retriable = () => true, signal, onRetry, random = Math.random } = options;
  for (let tryNumber = 1; ; tryNumber++) {
    try {
      return await attempt(tryNumber);
    } catch (error) {
      if (tryNumber >= tries || signal?.aborted === true || !retriable(error)) throw error;
      onRetry?.(error, tries - tryNumber);
      await sleep(random() * Math.min(maxMs, firstMs * 2 ** (tryNumber - 1)), signal);
      if (isAborted(signal)) throw error;
    }
  }
}

// A function, for the compiler takes a signal once seen unaborted to stay so.
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;
