// perBlock: the role brings its own workers of partitions (landing, and jobs that hold a single partition).

import type { Lane } from './contract.js';
import type { Processor, RoleContext } from './role.js';

export interface PerBlockOptions {
  /** One consumer group each; opened once when the role starts. */
  lanes(context: RoleContext): readonly Lane[] | Promise<readonly Lane[]>;
  /** After the lanes have stopped. */
  close?(): Promise<void>;
}

/** A role whose lanes and workers are its own; the runtime gives group, order, leases, stop and health. */
export function perBlock<V = unknown>(options: PerBlockOptions): Processor<V> {
  return {
    lanes: async (context) => options.lanes(context),
    close: async () => options.close?.(),
  };
}
