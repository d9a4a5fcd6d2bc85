// Where a moment lies in the week: its hour of day on working days, or at weekends.

export const HOURS = 24;
/** Hours of working days, then those of weekends. */
export const BINS = 2 * HOURS;
export const HOUR_MICROS = 3_600_000_000;
export const DAY_MICROS = HOURS * HOUR_MICROS;
/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = 4;

export interface Moment {
  readonly bin: number;
  /** The hour next to it on the side where the moment lies, of the same kind of day. */
  readonly neighbour: number;
  /** How far from the middle of the hour: 0 to ½. */
  readonly off: number;
}

/** `micros` since 1970, UTC. */
export function momentOf(micros: number): Moment {
  const hours = (micros % DAY_MICROS) / HOUR_MICROS;
  const hour = Math.floor(hours);
  const weekday = (Math.floor(micros / DAY_MICROS) + FIRST_WEEKDAY) % 7;
  const from = weekday === 0 || weekday === 6 ? HOURS : 0;
  const past = hours - hour - 0.5;
  return {
    bin: from + hour,
    neighbour: from + ((hour + (past > 0 ? 1 : HOURS - 1)) % HOURS),
    off: Math.abs(past),
  };
}
