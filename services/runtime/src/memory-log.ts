// stub
import type { LogAdapter } from './contract.js';
/** A log in memory that passes the adapter laws; for fast tests of roles. */
export interface MemoryLog extends LogAdapter {
  readonly name: 'memory';
}
/** `topics`: name to partitions. `now`: LogAppendTime, default the system clock. */
export function memoryLog(options: { topics: Readonly<Record<string, number>>; nowMs?: () => number }): MemoryLog {
  throw new Error(`not yet ${Object.keys(options.topics).length}`);
}
