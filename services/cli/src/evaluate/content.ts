// What of a trace's contents a detector is shown: all of it, or the marks that an emitter leaves when contents stay with the agent.

import { hiddenInput, hiddenOutput, keyedHash, type AgentEvent } from '@watchkeeper/schemas';
import type { FleetEvent } from '../simulate/clock.js';
import { toAgentEvent } from '../simulate/encode.js';

export const contentLevels = ['full', 'hashed'] as const;
export type ContentShown = (typeof contentLevels)[number];

/** Makes the event that an emitter of this content level would send. */
export function shownAs(content: ContentShown): (made: FleetEvent) => AgentEvent {
  return content === 'full' ? (made) => toAgentEvent(made) : hidden;
}

/** Marks alone; a hidden goal leaves its marks as the input's, as the emitter has it. */
function hidden(made: FleetEvent): AgentEvent {
  const tellsGoal = made.kind === 'SESSION_STARTED' || made.kind === 'GOAL_SET';
  const key = keyedHash(made.tenant_id);
  const input = hiddenInput(tellsGoal && made.input === '' ? made.goal : made.input, key);
  const output = hiddenOutput(made.output, key);
  return {
    ...made,
    input: '',
    output: '',
    goal: '',
    error_message: '',
    input_fingerprint: input.fingerprint,
    output_fingerprint: output.fingerprint,
    input_sketch: input.sketch,
    output_sketch: output.sketch,
    input_facets: input.facets,
    output_facets: output.facets,
    content_level: 'HASHED',
    truncated: false,
  };
}
