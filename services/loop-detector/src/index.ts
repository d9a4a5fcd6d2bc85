// The loop detector as others see it.

export { loopDetector } from './detector.js';
export { defaultLoopOptions, type LoopOptions } from './options.js';
export type { LoopState } from './state.js';
export { LoopView } from './view.js';
