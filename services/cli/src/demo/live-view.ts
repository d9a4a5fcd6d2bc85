// What a person sees while the fleet is watched: a block that is redrawn on a terminal, a line now and then elsewhere.

import type { SeenDetection } from './detection-watch.js';
import type { Progress } from './drain.js';

export interface LiveState {
  readonly fleetTime: string;
  readonly eventsPerSecond: number;
  readonly progress: Progress;
  readonly sessionsLastHour: number;
  readonly recent: readonly SeenDetection[];
}

const RECENT_SHOWN = 8;

/** The block's lines, none longer than `width`. */
export function liveLines(state: LiveState, width: number): string[] {
  const { progress } = state;
  const lag = Math.max(0, ...progress.lag.values());
  const head = `${state.fleetTime}  ${state.eventsPerSecond} events/s  lag ${lag}  ${state.sessionsLastHour} sessions in the last hour  ${progress.landed} events landed`;
  const detections = state.recent.slice(-RECENT_SHOWN).map((seen) => {
    const at = new Date(seen.window_end_micros / 1000).toISOString().slice(11, 19);
    return `  ${at} ${seen.severity.padEnd(8)} ${seen.agent_id}  ${seen.explanation}`;
  });
  return [head, ...detections].map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
}

/** Draws over its last block on a terminal; elsewhere prints the head line at most every ten seconds and each detection once. */
export class LiveView {
  readonly #out: NodeJS.WriteStream;
  #drawn = 0;
  #lastHeadMs = -Infinity;
  #lastShown: string | undefined;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  draw(state: LiveState, nowMs: number): void {
    const [head = '', ...detections] = liveLines(state, this.#out.isTTY ? this.#out.columns : 200);
    if (this.#out.isTTY) {
      const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A\u001b[J` : '';
      this.#out.write(`${up}${[head, ...detections].join('\n')}\n`);
      this.#drawn = detections.length + 1;
      return;
    }
    if (nowMs - this.#lastHeadMs >= 10_000) {
      this.#lastHeadMs = nowMs;
      this.#out.write(`${head}\n`);
    }
    const fresh = detections.slice(detections.findIndex((line) => line === this.#lastShown) + 1);
    for (const line of fresh) this.#out.write(`${line}\n`);
    this.#lastShown = detections.at(-1) ?? this.#lastShown;
  }
}
