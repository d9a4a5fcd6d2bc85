// Silence of a series: how long it has lain at its lowest value, counted in what its hours usually bring, against the runs before.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

/** An hour that never rests brings no more than this would: a point is no proof. */
const BUSIEST = 0.98;
/** Runs before which nothing is judged, and what is believed in before any is seen. */
const MIN_RUNS = 15;
const PRIOR_RUNS = 4;
/** How fast old runs are forgotten, and how many average ones the longest counts for once so many were seen. */
const RUN_RATE = 0.003;
const MOST_AVERAGES = 10;
const CLIP_FROM_RUNS = 30;
/** Silence is rare beside points: of it a decade less is asked. */
const GIVEN = 1;
/** Each silence called raises what is asked of the next, in decades, and is forgotten over so many points. */
const CALL_COST = 0.2;
const FORGET_POINTS = 4032;

/**
 * Pauses of a memoryless source are exponential in the time in which something was due; where they are not (weekends, other habits), the mean
 * residual run E[R²]/2E[R] says so, and the fewer runs were seen, the heavier the tail that they leave possible.
 */
export class IdleRun {
  #lowest = Infinity;
  /** The run that lasts. */
  #run = 0;
  #runs = 0;
  #first = 0;
  #second = 0;
  #points = 0;
  #calls = 0;
  #isCalled = false;

  /** A silence that was called goes on: nothing is learnt from it. */
  get isCalled(): boolean {
    return this.#isCalled;
  }

  /** Whether the value lies above the lowest that was seen. */
  isActive(value: number): boolean {
    return value > this.#lowest;
  }

  /** Decades of surprise at how long nothing has come; `activity`: the share of points at such an hour that bring something. */
  update(value: number, activity: number, isDoubtful: boolean): number {
    this.#points++;
    this.#calls *= 1 - 1 / FORGET_POINTS;
    if (value < this.#lowest) this.#lowest = value;
    if (value > this.#lowest) {
      if (this.#run > 0 && !isDoubtful && !this.#isCalled) this.#learn(this.#run);
      this.#run = 0;
      this.#isCalled = false;
      return 0;
    }
    this.#run -= Math.log1p(-Math.min(BUSIEST, activity));
    if (this.#runs < MIN_RUNS || this.#isCalled || this.#run === 0) return 0;
    const scale = Math.max(this.#first, this.#second / (2 * this.#first));
    const shape = this.#runs + PRIOR_RUNS;
    const perRun = shape * Math.log10(1 + this.#run / (scale * shape));
    return perRun + Math.log10(this.#points / this.#runs) + GIVEN - CALL_COST * this.#calls;
  }

  /** The silence is called. */
  call(): void {
    this.#isCalled = true;
    this.#calls++;
  }

  encode(writer: StateWriter): void {
    writer.double(this.#lowest).double(this.#run).double(this.#first).double(this.#second).double(this.#calls);
    writer.int(this.#runs).int(this.#points).bool(this.#isCalled);
  }

  decode(reader: StateReader): void {
    this.#lowest = reader.double();
    this.#run = reader.double();
    this.#first = reader.double();
    this.#second = reader.double();
    this.#calls = reader.double();
    this.#runs = reader.int();
    this.#points = reader.int();
    this.#isCalled = reader.bool();
  }

  #learn(run: number): void {
    const share = Math.max(RUN_RATE, 1 / ++this.#runs);
    const bounded = this.#runs > CLIP_FROM_RUNS ? Math.min(run, MOST_AVERAGES * this.#first) : run;
    this.#first += share * (bounded - this.#first);
    this.#second += share * (bounded * bounded - this.#second);
  }
}
