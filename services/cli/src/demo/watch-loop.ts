// Polls for detections beside something that runs.

import { sleep } from '@watchkeeper/runtime';
import type { DetectionWatch, SeenDetection } from './detection-watch.js';

const POLL_MS = 100;

/** Polls until `stop()`, which waits for a last look. A poll that fails is tried again; the last look is not. */
export function watchLoop(
  watch: DetectionWatch,
  onSeen: (seen: readonly SeenDetection[]) => void = () => undefined,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const look = async (): Promise<void> => onSeen(await watch.poll(Date.now));
  const loop = (async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look().catch(() => undefined);
      await sleep(POLL_MS, stopping.signal);
    }
  })();
  return {
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      await loop;
      await look();
    },
  };
}
