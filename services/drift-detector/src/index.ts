// The drift detector as others see it.

export { driftBaselines } from './baselines/index.js';
export { driftDetector } from './detector.js';
export { driftInput } from './held-event.js';
export { defaultDriftOptions, type DriftOptions } from './options.js';
export { driftDetectorRole, driftEngine, driftEngineUnder } from './service.js';
export type { DriftState } from './state.js';
export { DriftView } from './view.js';
export { driftPlants } from './testing/plants.js';
