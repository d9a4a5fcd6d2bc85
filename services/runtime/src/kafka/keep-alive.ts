// Heartbeats while something long is at hand: kafkajs sends them between batches only.

/** So long a member is kept alive: a backend may be slow, and state take its time to be restored, but not for ever. */
const HAND_MS = 120_000;
const EVERY_MS = 1_000;

/** Calls `heartbeat` until the returned function is called. Its failures show elsewhere. */
export function keepAlive(heartbeat: () => Promise<void>): () => void {
  const sinceMs = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - sinceMs < HAND_MS) heartbeat().catch(() => undefined);
  }, EVERY_MS);
  return () => clearInterval(timer);
}
