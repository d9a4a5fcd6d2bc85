// The meter: measures per agent and window, and the marks that say how far they are whole.

export * from './meter.js';
export * from './marks.js';
export * from './view.js';
export { MAX_TOOLS, OTHER_TOOLS, type MeasureDraft, type Subject } from './window.js';
export { meterEngine, meterInput, meterRole, meterSettings } from './service.js';
