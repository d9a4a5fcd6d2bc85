// The anomaly detector: what an agent usually is, and when it is not.

export * from './anomaly.js';
export { DETECTOR, DETECTOR_VERSION } from './drafts.js';
export type { AnomalyState } from './state.js';
export * from './options.js';
export * from './view.js';
export { FleetWatermark } from './fleet-watermark.js';
export { anomalyDetectorRole, anomalyEngine, anomalyInput, anomalySettings } from './service.js';
export * from './series/series.js';
export { ewmaThreeSigma, windowedGaussian, type Baseline } from './series/baselines.js';
export { SERIES_CONSTANTS, type SeriesConstants } from './series/constants.js';
