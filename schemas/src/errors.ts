// Errors that a person reads: a code, one sentence, the cause attached.

/** An expected fault: `code` names it (`WK_…`), `message` says what happened, to what, and what to do; `exitCode` is the process's. */
export class WatchkeeperError extends Error {
  readonly code: `WK_${string}`;
  /** 1 it ran and found a fault, 2 wrong use, 3 a backend is out of reach (design, section 8). */
  readonly exitCode: 1 | 2 | 3;

  constructor(code: `WK_${string}`, message: string, options: { cause?: unknown; exitCode?: 1 | 2 | 3 } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WatchkeeperError';
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
  }
}
