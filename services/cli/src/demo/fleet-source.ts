// A simulated fleet as commands run it: into agent.events of a place.

import { simulate, type FleetOptions, type SimulationProgress, type SimulationReport } from '../simulate/index.js';
import type { Place } from '../stack/environment.js';
import { withEventSource } from '../stack/event-source.js';

export interface FleetRun {
  readonly brokers: string;
  readonly place: Place;
  readonly fleet: FleetOptions;
  /** See SimulationOptions.historySeconds. */
  readonly historySeconds?: number;
  /** See SimulationOptions.maxEvents. */
  readonly maxEvents?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SimulationProgress) => void;
}

/** Runs it to its end, or until the signal. */
export function runFleet({ brokers, place, ...run }: FleetRun): Promise<SimulationReport> {
  return withEventSource(brokers, place, run.signal, (source) => simulate({ ...run, ...source }));
}
