// What is kept of one agent.

import type { Channel } from './channel.js';
import type { LevelMetric } from './options.js';
import type { PendingSlots } from './pending.js';
import type { ToolMix } from './tool-mix.js';
import type { SilenceModel } from './silence.js';

/** A new version that took over. */
export interface VersionChange {
  readonly from: string;
  readonly to: string;
  readonly sinceMicros: number;
}

/** One agent. */
export interface AnomalyState {
  readonly tenantId: string;
  readonly agentId: string;
  agentVersion: string;
  /** The last time that a version was new. */
  versionChange: VersionChange | undefined;
  /** Event time of the first window judged; 0 before. */
  firstMicros: number;
  /** Every window that ends at or before this is judged. */
  judgedMicros: number;
  readonly pending: PendingSlots;
  readonly levels: ReadonlyMap<LevelMetric, Channel>;
  readonly errors: Channel;
  readonly mix: ToolMix;
  readonly silence: SilenceModel;
  /** When the agent has done nothing for long enough to call it a pause: its blocks close. */
  pauseDueMicros: number | undefined;
  /** When silence is due: at the soonest, until that moment has come; then exactly. */
  silenceDueMicros: number | undefined;
}
