// What of a trace's contents a detector is shown: all of it, or the marks that an emitter leaves when contents stay with the agent.

import type { AgentEvent } from '@watchkeeper/schemas';
import type { FleetEvent } from '../simulate/clock.js';
import { toAgentEvent } from '../simulate/encode.js';

export const contentLevels = ['full', 'hashed'] as const;
export type ContentShown = (typeof contentLevels)[number];

/** Makes the event that an emitter of this content level would send. */
export function shownAs(content: ContentShown): (made: FleetEvent) => AgentEvent {
  return content === 'full' ? (made) => toAgentEvent(made) : hashed;
}

/** Fingerprints and sketches alone; a hidden goal leaves its marks as the input's, as the emitter has it. */
function hashed(made: FleetEvent): AgentEvent {
  const tellsGoal = made.kind === 'SESSION_STARTED' || made.kind === 'GOAL_SET';
  const said = tellsGoal && made.input === '' ? made.goal : made.input;
  return {
    ...toAgentEvent({ ...made, input: said }),
    input: '',
    output: '',
    goal: '',
    error_message: '',
    content_level: 'HASHED',
  };
}
