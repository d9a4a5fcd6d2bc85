// How a process is told to end, and ends: Ctrl-C and SIGTERM as a promise and as a signal.

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilStopped(): Promise<undefined> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve(undefined);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

/** Aborted at the first SIGINT or SIGTERM. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  void untilStopped().then(() => controller.abort());
  return controller.signal;
}

const LINGER_MS = 1_000;

/** What is still open when all is done (a client that looks for its broker, work that was interrupted) keeps the process this much longer, at most. */
export function endSoon(): void {
  setTimeout(() => process.exit(), LINGER_MS).unref();
}
