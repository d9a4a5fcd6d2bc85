// The rate of arrivals by hour of day, as a smooth curve with its uncertainty: log-linear regression on two harmonics of the day.

const HOURS = 24;
const HARMONICS = 2;
const TERMS = 1 + 2 * HARMONICS;
/** Prior precisions of the level, which is drawn to nothing, and of the second harmonic, which must be asked for by many arrivals. */
const LEVEL_RIDGE = 0.01;
const SECOND_RIDGE = 40;
/**
 * The first harmonic's is what the evidence says, as if one more coefficient of this square had been seen beside its two: an agent that works
 * round the clock is known for one soon, and one with a working day keeps it.
 */
const SQUARE_BELIEVED = 0.08;
const COEFFICIENTS_BELIEVED = 1;
const FIRST_RIDGE = 1;
const EVIDENCE_ROUNDS = 5;
const MAX_STEPS = 6;
/** The longest Newton step of a coefficient, and when the steps are short enough. */
const LONGEST_STEP = 1.5;
const SHORT_STEP = 1e-3;

const DESIGN: readonly (readonly number[])[] = Array.from({ length: HOURS }, (_, hour) => {
  const row = [1];
  for (let k = 1; k <= HARMONICS; k++) {
    const angle = (2 * Math.PI * k * (hour + 0.5)) / HOURS;
    row.push(Math.cos(angle), Math.sin(angle));
  }
  return row;
});

export interface HourFit {
  /** Arrivals an hour, by hour of day. */
  readonly rates: Float64Array;
  /** Variance of the rate's logarithm, by hour of day. */
  readonly variances: Float64Array;
}

/**
 * Poisson regression with a ridge (a Laplace approximation): `arrivals` seen in `hours` of watching, both by hour of day. The ridge of the day's
 * amplitude is chosen by the evidence for it (MacKay, "Bayesian interpolation", Neural Computation 4, 1992, section 4).
 */
export function fitHours(arrivals: Float64Array, hours: Float64Array): HourFit {
  const coefficients = new Float64Array(TERMS);
  coefficients[0] = Math.log((total(arrivals) + 0.5) / (total(hours) + 0.5));
  let firstRidge = FIRST_RIDGE;
  let root: Float64Array[] = [];
  for (let round = 0; round < EVIDENCE_ROUNDS; round++) {
    root = climb(arrivals, hours, coefficients, [LEVEL_RIDGE, firstRidge, firstRidge, SECOND_RIDGE, SECOND_RIDGE]);
    let squares = SQUARE_BELIEVED * COEFFICIENTS_BELIEVED;
    for (const term of [1, 2]) squares += at(coefficients, term) ** 2 + varianceOf(root, unit(term));
    firstRidge = (2 + COEFFICIENTS_BELIEVED) / squares;
  }
  const rates = new Float64Array(HOURS);
  const variances = new Float64Array(HOURS);
  for (const [hour, row] of DESIGN.entries()) {
    rates[hour] = Math.exp(dot(row, coefficients));
    variances[hour] = varianceOf(root, row);
  }
  return { rates, variances };
}

/** Moves the coefficients to the most probable ones, by Newton's steps; the root of the precision there. */
function climb(
  arrivals: Float64Array,
  hours: Float64Array,
  coefficients: Float64Array,
  ridge: readonly number[],
): Float64Array[] {
  let root: Float64Array[] = [];
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, precision } = derivatives(arrivals, hours, coefficients, ridge);
    root = cholesky(precision);
    const change = backward(root, forward(root, gradient));
    const longest = change.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const share = longest > LONGEST_STEP ? LONGEST_STEP / longest : 1;
    for (let i = 0; i < TERMS; i++) coefficients[i] = at(coefficients, i) + share * at(change, i);
    if (longest < SHORT_STEP) break;
  }
  return root;
}

/** Of what `weights` make of the coefficients. */
function varianceOf(root: readonly Float64Array[], weights: ArrayLike<number>): number {
  const half = forward(root, weights);
  return dot(half, half);
}

function unit(term: number): Float64Array {
  const row = new Float64Array(TERMS);
  row[term] = 1;
  return row;
}

/** Of the penalised log-likelihood: its gradient, and minus its second derivatives. */
function derivatives(
  arrivals: Float64Array,
  hours: Float64Array,
  coefficients: Float64Array,
  ridges: readonly number[],
): { gradient: Float64Array; precision: Float64Array[] } {
  const gradient = new Float64Array(TERMS);
  const precision = Array.from({ length: TERMS }, () => new Float64Array(TERMS));
  for (let i = 0; i < TERMS; i++) {
    const ridge = ridges[i] ?? 0;
    // The level itself is drawn to nothing.
    gradient[i] = i === 0 ? 0 : -ridge * at(coefficients, i);
    set(precision, i, i, ridge);
  }
  for (const [hour, row] of DESIGN.entries()) {
    const expected = at(hours, hour) * Math.exp(Math.min(10, dot(row, coefficients)));
    const surplus = at(arrivals, hour) - expected;
    for (let i = 0; i < TERMS; i++) {
      const one = row[i] ?? 0;
      gradient[i] = at(gradient, i) + surplus * one;
      for (let j = 0; j <= i; j++) set(precision, i, j, cell(precision, i, j) + expected * one * (row[j] ?? 0));
    }
  }
  return { gradient, precision };
}

/** The lower root of a positive matrix, of which only the lower half is read. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const root = Array.from({ length: TERMS }, () => new Float64Array(TERMS));
  for (let i = 0; i < TERMS; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = cell(matrix, i, j);
      for (let k = 0; k < j; k++) rest -= cell(root, i, k) * cell(root, j, k);
      set(root, i, j, i === j ? Math.sqrt(Math.max(rest, 1e-9)) : rest / cell(root, j, j));
    }
  }
  return root;
}

/** Solves root · x = right. */
function forward(root: readonly Float64Array[], right: ArrayLike<number>): Float64Array {
  const solved = new Float64Array(TERMS);
  for (let i = 0; i < TERMS; i++) {
    let rest = right[i] ?? 0;
    for (let k = 0; k < i; k++) rest -= cell(root, i, k) * at(solved, k);
    solved[i] = rest / cell(root, i, i);
  }
  return solved;
}

/** Solves rootᵀ · x = right. */
function backward(root: readonly Float64Array[], right: ArrayLike<number>): Float64Array {
  const solved = new Float64Array(TERMS);
  for (let i = TERMS - 1; i >= 0; i--) {
    let rest = right[i] ?? 0;
    for (let k = i + 1; k < TERMS; k++) rest -= cell(root, k, i) * at(solved, k);
    solved[i] = rest / cell(root, i, i);
  }
  return solved;
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function at(values: ArrayLike<number>, i: number): number {
  return values[i] ?? 0;
}

function cell(matrix: readonly Float64Array[], row: number, column: number): number {
  return matrix[row]?.[column] ?? 0;
}

function set(matrix: readonly Float64Array[], row: number, column: number, value: number): void {
  const of = matrix[row];
  if (of) of[column] = value;
}
