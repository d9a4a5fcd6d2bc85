// A fingerprint of measures, folded: the same for any order of adding and for any way of cutting a window's sums into measures.

import { MEASURE_HISTOGRAMS, MEASURE_SUMS, MEASURE_TALLIES, safeLong, type Measure } from '@watchkeeper/schemas';

/** Late events are counted where they came, not in their window. */
const SUMS = MEASURE_SUMS.filter((name) => name !== 'late_events');

/** Two lanes of 32 bits. */
type Lanes = [number, number];

/**
 * Per source partition and agent, the sum over all figures of all its windows of figure × hash(window, name of the figure), modulo 2^32 in
 * two lanes. Linear in the figures, so that it is a fingerprint of the folded measures: what is equal folds to equal fingerprints, and what
 * is not does so by a chance of 2^-64.
 */
export class MeasureSums {
  readonly #lanes = new Map<string, Lanes>();
  readonly #names = new Map<string, Lanes>();
  /** By agent: events in windows, and those that came too late for theirs. */
  readonly #counted = new Map<string, { events: number; late: number }>();
  #events = 0;
  #measures = 0;

  add(measure: Measure): void {
    const agent = JSON.stringify([
      measure.source_partition,
      measure.tenant_id,
      measure.agent_id,
      measure.agent_version,
    ]);
    let lanes = this.#lanes.get(agent);
    if (!lanes) this.#lanes.set(agent, (lanes = [0, 0]));
    const counted = this.#counted.get(agent) ?? { events: 0, late: 0 };
    counted.events += measure.events;
    counted.late += measure.late_events;
    this.#counted.set(agent, counted);
    this.#measures++;
    this.#events += measure.events;
    const window = mixed(String(measure.window_start));
    for (const name of SUMS) this.#addOne(lanes, window, name, safeLong(measure[name]));
    for (const name of MEASURE_TALLIES)
      for (const [of, count] of Object.entries(measure[name])) this.#addOne(lanes, window, `${name} ${of}`, count);
    for (const name of MEASURE_HISTOGRAMS) {
      const counts = measure[`${name}_counts`];
      measure[`${name}_buckets`].forEach((bucket, at) => {
        this.#addOne(lanes, window, `${name} ${bucket}`, counts[at] ?? 0);
      });
    }
  }

  /** Events in all measures. */
  get events(): number {
    return this.#events;
  }

  get measures(): number {
    return this.#measures;
  }

  /** Source partition and agent (as JSON) of the sums that differ. */
  differences(other: MeasureSums): string[] {
    const names = new Set([...this.#lanes.keys(), ...other.#lanes.keys()]);
    return [...names].filter((name) => {
      const [a, b] = this.#lanes.get(name) ?? [0, 0];
      const [c, d] = other.#lanes.get(name) ?? [0, 0];
      return a !== c || b !== d;
    });
  }

  /**
   * Those of the differences that late events do not account for: where a partition was idle for a while, its windows were closed by the clock, and
   * what was counted late then is in its window in a re-read that was never idle.
   */
  differencesBeyondLate(other: MeasureSums): string[] {
    return this.differences(other).filter((agent) => {
      const here = this.#counted.get(agent) ?? { events: 0, late: 0 };
      const there = other.#counted.get(agent) ?? { events: 0, late: 0 };
      const isLater = here.late !== there.late;
      return !isLater || here.events + here.late !== there.events + there.late;
    });
  }

  /** Events that came too late for their window. */
  get late(): number {
    return [...this.#counted.values()].reduce((sum, { late }) => sum + late, 0);
  }

  #addOne(lanes: Lanes, window: Lanes, name: string, value: number): void {
    if (value === 0) return;
    let hash = this.#names.get(name);
    if (!hash) this.#names.set(name, (hash = mixed(name)));
    const low = value | 0;
    const high = Math.floor(value / 2 ** 32) | 0;
    for (const lane of [0, 1] as const) {
      const weight = finish(window[lane] ^ hash[lane]);
      lanes[lane] = (lanes[lane] + Math.imul(low, weight) + Math.imul(high, finish(weight ^ 0x5bd1e995))) | 0;
    }
  }
}

/** FNV-1a from two bases. */
function mixed(text: string): Lanes {
  const lanes: Lanes = [0x811c9dc5 | 0, 0x3c6ef372];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    lanes[0] = Math.imul(lanes[0] ^ unit, 0x01000193);
    lanes[1] = Math.imul(lanes[1] ^ unit, 0x01000193);
  }
  return lanes;
}

/** MurmurHash3's finaliser, made odd: an even weight would lose the figure's highest bits. */
function finish(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 1;
}
