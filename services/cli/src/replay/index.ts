// The replay of trace files.

export {
  outlineOf,
  parseSpeed,
  replay,
  replayEvents,
  type ReplayOptions,
  type ReplayReport,
  type PeriodStart,
  type TraceOutline,
} from './replay.js';
export { findTraces, readTrace, type TraceFile } from './trace-files.js';
export { parseTraceLine, type TraceLine } from './trace-line.js';
export { sessionEnd, traceEvents } from './trace-events.js';
