// The loop detector as others see it.

export { loopBaselines } from './baselines/index.js';
export { loopDetector } from './detector.js';
export { loopInput } from './held-event.js';
export { defaultLoopOptions, type LoopOptions } from './options.js';
export { loopDetectorRole, loopEngine, loopEngineUnder } from './service.js';
export type { LoopState } from './state.js';
export { LoopView } from './view.js';
