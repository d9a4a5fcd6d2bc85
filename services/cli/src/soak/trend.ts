// Is a series of figures flat?

/** One figure at a time. */
export interface Point {
  readonly seconds: number;
  readonly value: number;
}

/** A straight line through figures over time (least squares), and whether it climbs. */
export interface Course {
  readonly mean: number;
  /** Per minute. */
  readonly slope: number;
  /** Of the slope, per minute. */
  readonly standardError: number;
  /** By more than chance, and by so much over the time of the points that it matters. */
  readonly climbs: boolean;
}

/** Least part of the mean that a rise must come to before it is one: what chance and garbage collection make of a short run. */
const LEAST_SHARE = 0.05;
/** How far beyond chance. Figures that follow one another are alike, so that the error is larger than it says. */
const STANDARD_ERRORS = 3;

/** Fewer lie on a line by chance. */
const LEAST_POINTS = 5;

/** `leastRise`: what may be added over the time of the points and be nothing. */
export function courseOf(points: readonly Point[], leastRise = 0): Course {
  const n = points.length;
  const mean = points.reduce((sum, { value }) => sum + value, 0) / Math.max(1, n);
  const middle = points.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, n);
  const spread = points.reduce((sum, { seconds }) => sum + (seconds - middle) ** 2, 0);
  if (n < LEAST_POINTS || spread === 0) return { mean, slope: 0, standardError: Infinity, climbs: false };
  const slope = points.reduce((sum, { seconds, value }) => sum + (seconds - middle) * (value - mean), 0) / spread;
  const rest = points.reduce((sum, { seconds, value }) => sum + (value - mean - slope * (seconds - middle)) ** 2, 0);
  const standardError = Math.sqrt(rest / (n - 2) / spread);
  const rise = slope * ((points.at(-1)?.seconds ?? 0) - (points[0]?.seconds ?? 0));
  const climbs = slope > STANDARD_ERRORS * standardError && rise > Math.max(leastRise, mean * LEAST_SHARE);
  return { mean, slope: slope * 60, standardError: standardError * 60, climbs };
}

/** The least of each stretch of so many seconds: memory in use as it is after a collection. */
export function floorOf(points: readonly Point[], stretchSeconds: number): Point[] {
  const floor = new Map<number, Point>();
  for (const point of points) {
    const stretch = Math.floor(point.seconds / stretchSeconds);
    const least = floor.get(stretch);
    if (least === undefined || point.value < least.value) floor.set(stretch, point);
  }
  return [...floor.values()];
}
