// Fills agent.events of a place beforehand.

import { systemClock } from '@watchkeeper/runtime';
import { runFleet } from '../demo/fleet-source.js';
import { filling, type SimulationProgress } from '../simulate/index.js';
import type { Bench, Site } from './place.js';

// Of sessions that begin: a plant that the last event cuts off is none, and 5 % are to be left.
const FAULTY_SHARE = 0.053;
const TELL_MS = 10_000;

export interface Filled {
  readonly events: number;
  readonly sessions: number;
  /** Sessions with a planted loop or drift. */
  readonly faultySessions: number;
  readonly seconds: number;
}

/** Puts exactly `events` simulated events there, 5 % of their sessions at fault. */
export async function fill(bench: Bench, site: Site, events: number): Promise<Filled> {
  const fleet = filling({ seed: 'bench', events, faultyShare: FAULTY_SHARE, endMicros: systemClock.nowMicros() });
  let toldMs = systemClock.nowMs();
  const onProgress = (progress: SimulationProgress): void => {
    if (systemClock.nowMs() - toldMs < TELL_MS) return;
    toldMs = systemClock.nowMs();
    bench.say(`  ${progress.events} of ${events} events lie in the log`);
  };
  const { brokers } = bench.backends;
  const report = await runFleet({
    brokers,
    place: site.place,
    fleet,
    historySeconds: 0,
    maxEvents: events,
    onProgress,
  });
  const faulty = report.truth.filter(({ kind }) => kind === 'loop' || kind === 'drift').length;
  return {
    events: report.events,
    sessions: report.sessions,
    faultySessions: faulty,
    seconds: report.seconds,
  };
}
