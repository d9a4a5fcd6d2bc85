// Two plain detectors that the series detector is measured against: a windowed Gaussian and an exponentially weighted mean with three sigma.

/** A detector that scores one value after another, 0 (usual) to 1. */
export interface Baseline {
  update(value: number): number;
}

/** As the benchmark's own: a window of so many values that moves on by steps. */
const WINDOW_VALUES = 6400;
const STEP_VALUES = 100;
const LEAST_DEVIATION = 0.000001;

/** The benchmark's windowed Gaussian: 1 less the chance of a value so far off, under the normal distribution of the window before it. */
export function windowedGaussian(): Baseline {
  const window: number[] = [];
  let step: number[] = [];
  let mean = 0;
  let deviation = 1;
  const refresh = (): void => {
    mean = window.reduce((sum, value) => sum + value, 0) / window.length;
    const variance = window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window.length;
    deviation = variance === 0 ? LEAST_DEVIATION : Math.sqrt(variance);
  };
  return {
    update(value) {
      const score = window.length === 0 ? 0 : 1 - upperTail(Math.abs(value - mean) / deviation);
      if (window.length < WINDOW_VALUES) {
        window.push(value);
        refresh();
        return score;
      }
      step.push(value);
      if (step.length === STEP_VALUES) {
        window.splice(0, STEP_VALUES);
        window.push(...step);
        step = [];
        refresh();
      }
      return score;
    },
  };
}

const MEAN_RATE = 0.01;

/** Exponentially weighted mean and variance (Roberts, 1959). The score passes .5 at three standard deviations. */
export function ewmaThreeSigma(): Baseline {
  let mean: number | undefined;
  let variance = 0;
  return {
    update(value) {
      if (mean === undefined) {
        mean = value;
        return 0;
      }
      const off = value - mean;
      const sigmas = variance === 0 ? 0 : Math.abs(off) / Math.sqrt(variance);
      mean += MEAN_RATE * off;
      variance = (1 - MEAN_RATE) * (variance + MEAN_RATE * off * off);
      return sigmas / (sigmas + 3);
    },
  };
}

/** Chance of a standard normal value above `z` ≥ 0: half the complementary error function, a continued fraction or its series. */
export function upperTail(z: number): number {
  if (!(z < 38)) return 0;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3.5) {
    let term = z;
    let sum = z;
    for (let k = 1; k < 60 && Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let k = 60; k > 0; k--) fraction = z + k / fraction;
  return density / fraction;
}
