// The simulator's way out: fleets, the runner, the truth and the score.

export { Fleet, type FleetOptions, type LiveOptions } from './fleet.js';
export type { FleetEvent } from './clock.js';
export { eventEncoder, toAgentEvent } from './encode.js';
export { filling, history, plantsFor, realTime, thenLive, twoDays } from './fleet-options.js';
export {
  simulate,
  writeTruth,
  type SimulationOptions,
  type SimulationProgress,
  type SimulationReport,
} from './simulate.js';
export { score, type DetectionRow, type KindScore, type Score, type Tally } from './score.js';
export {
  readTruth,
  truthLine,
  type AnomalyTruth,
  type DriftTruth,
  type FleetTruth,
  type LoopTruth,
  type NegativeTruth,
  type TruthRecord,
} from './truth.js';
