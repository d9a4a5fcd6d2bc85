// A detector's scores over a series whose events are known, and what a threshold makes of them: events found, alarms for nothing, delays.

/** A series whose events are known; rows are points in the order of time. */
export interface KnownSeries {
  readonly name: string;
  readonly values: ArrayLike<number>;
  readonly events: readonly KnownEvent[];
  /** Rows before it are not judged. */
  readonly judgedFrom: number;
  /** What the judged rows last. */
  readonly weeks: number;
}

export interface KnownEvent {
  readonly kind: string;
  /** Rows, the last one not within. */
  readonly from: number;
  readonly to: number;
  /** Rows after its end in which an alarm is about its going away: neither false nor, from `to` + an hour on, a find. */
  readonly grace: number;
}

export interface ScoredSeries {
  readonly series: KnownSeries;
  /** By row; not negative. */
  readonly scores: ArrayLike<number>;
  /** What an alarm at a row rests on; '' where the detector does not say. */
  readonly reasonAt?: (row: number) => string;
}

/** Of false alarms one an hour of five-minute points counts: who never stops is wrong each hour. */
const ONE_ALARM_ROWS = 12;

export interface Judgement {
  /** Row of the first alarm by event; undefined where it was missed. */
  readonly found: readonly (number | undefined)[];
  /** First rows of alarms about no event. */
  readonly falseAlarms: readonly number[];
}

/** What is found, and what is called for nothing, where scores of `threshold` and more alarm. */
export function judgeSeries({ series, scores }: ScoredSeries, threshold: number): Judgement {
  const found = new Array<number | undefined>(series.events.length).fill(undefined);
  const falseAlarms: number[] = [];
  let lastFalse = -Infinity;
  let at = 0;
  for (let row = series.judgedFrom; row < series.values.length; row++) {
    if (!((scores[row] ?? 0) >= threshold)) continue;
    // Events lie in the order of time.
    for (let event = series.events[at]; event && row >= event.to + event.grace; event = series.events[at]) at++;
    const event = series.events[at];
    if (event && row >= event.from) {
      if (row < event.to + Math.min(event.grace, ONE_ALARM_ROWS)) found[at] ??= row;
      continue;
    }
    if (row - lastFalse < ONE_ALARM_ROWS) continue;
    falseAlarms.push(row);
    lastFalse = row;
  }
  return { found, falseAlarms };
}
