// What the agent says to itself and to people: worded anew each time.

import { clause, prose } from './world/prose.js';
import type { Rng } from './world/rng.js';
import type { Call, Task } from './world/task.js';

/** The reasoning that leads to a call. */
export function beforeCall(task: Task, rng: Rng, call: Call): string {
  const tool = call.tool.replace(/_/g, ' ');
  const word = rng.pick(task.subject.words);
  switch (rng.int(0, 9)) {
    case 0:
      return `Next I need ${clause(rng, task.topic)}. I will use ${tool}.`;
    case 1:
      return `${prose(rng, task.topic, 1)} So ${tool} is the step to take for ${word}.`;
    case 2:
      return `To make progress on ${task.subject.phrase}, I call ${tool} now.`;
    case 3:
      return `What I have so far: ${clause(rng, task.topic)}; ${clause(rng, task.topic)}. Still missing: ${word}.`;
    case 4:
      return `${tool} should tell me about ${clause(rng, task.topic)}.`;
    case 5:
      return `The last result mentions ${clause(rng, task.topic)}. Let me look further.`;
    case 6:
      return `Plan: ${tool}, then decide on ${word}.`;
    case 7:
      return prose(rng, task.topic, rng.int(1, 2));
    case 8:
      return `I should be careful about ${clause(rng, task.topic)} before I go on with ${word}.`;
    default:
      return `Now ${tool}${rng.chance(0.5) ? ` for ${word}` : ''}: ${clause(rng, task.topic)}.`;
  }
}

/** Trying the same once more. */
export function again(task: Task, rng: Rng, call: Call): string {
  const tool = call.tool.replace(/_/g, ' ');
  return rng.pick([
    `That did not give me what I need. Let me try ${tool} again.`,
    `I still need ${clause(rng, task.topic)}; ${tool} once more.`,
    `Perhaps it works now. Repeating ${tool}.`,
    `The result is not what I expected for ${rng.pick(task.subject.words)}. Again ${tool}.`,
    `Let me verify this with ${tool}.`,
    `I will check ${rng.pick(task.subject.words)} another time to be sure.`,
    `Not conclusive. ${tool} should answer that.`,
  ]);
}

export function giveUp(task: Task, rng: Rng, call: Call): string {
  return rng.pick([
    `${call.tool} does not answer; I go on without it and note ${clause(rng, task.topic)}.`,
    `I leave ${call.tool.replace(/_/g, ' ')} aside and look at ${rng.pick(task.subject.words)} instead.`,
  ]);
}

/** The answer at the end of a session. */
export function answer(task: Task, rng: Rng): string {
  return `${rng.pick(['Here is what I found', 'Done', 'In short', 'The result', 'Summary'])} on ${task.subject.phrase}: ${prose(rng, task.topic, rng.int(2, 4))}`;
}

/** What a user says to open a session, in the user's own words. */
export function opening(task: Task, rng: Rng): string {
  return rng.pick([
    `Hi, can you help me with ${task.subject.phrase}? ${task.goal}`,
    task.goal,
    `${task.goal} ${rng.pick(['Thank you!', 'It is rather urgent.', 'Take your time.', 'Let me know how it goes.', ''])}`.trim(),
  ]);
}

/** A remark of a user in between. */
export function remark(task: Task, rng: Rng): string {
  return rng.pick([
    `By the way, ${clause(rng, task.topic)} matters to me.`,
    `How far are you with ${rng.pick(task.subject.words)}?`,
    `One more thing: please mind ${clause(rng, task.topic)}.`,
    `Good. And what about ${rng.pick(task.subject.words)}?`,
  ]);
}

/** Tells a worker what to do: a team's way of making a call, in one of six forms. `why` is a few words of reason. */
export function instruction(form: number, call: Call, why: string): string {
  if (typeof call.args === 'string') return call.args;
  const what = call.tool.replace(/_/g, ' ');
  const given = Object.entries(call.args)
    .map(([name, value]) => `${name.replace(/_/g, ' ')} ${String(value)}`)
    .join(', ');
  switch (form) {
    case 0:
      return `Please ${what} with ${given} and report what you find about ${why}.`;
    case 1:
      return `Could you ${what}? Use ${given}; it is for ${why}.`;
    case 2:
      return `${what.charAt(0).toUpperCase()}${what.slice(1)}: ${given}. What I want to know is ${why}, in full.`;
    case 3:
      return `To understand ${why}, ${what} (${given}).`;
    case 4:
      return `Now ${what}, ${given}. Mind ${why} and keep it short.`;
    default:
      return `${why.charAt(0).toUpperCase()}${why.slice(1)} is still open: ${what} for ${given}, then tell me the outcome.`;
  }
}
