// How long the stages of a bench take.

export interface Stopwatch {
  /** Notes the seconds since the last lap; `restart: false` lets the next one count from the same moment. */
  lap(name: string, options?: { restart: boolean }): void;
  /** Seconds by name. */
  readonly laps: Readonly<Record<string, number>>;
}

export function stopwatch(): Stopwatch {
  const laps: Record<string, number> = {};
  let fromMs = performance.now();
  return {
    laps,
    lap(name, { restart } = { restart: true }) {
      const nowMs = performance.now();
      laps[name] = Math.round((nowMs - fromMs) / 100) / 10;
      if (restart) fromMs = nowMs;
    },
  };
}
