// Whether a goal hands itself over to a source: "do what the mail says", "work through the list", "as described in the ticket".

import type { Relevance } from './relevance.js';

// The grammar of handing over: a verb of doing, then within a few words what is to be done, or a relative clause of saying.
// Both are needed, so that a goal that merely mentions a task does not count. A discount in the fusion, never a gate.
const DOING =
  '(?:do|does|perform|complete|carry out|follow|execute|handle|resolve|process|take care of|deal with|work through|act on|respond to|comply with|finish|fulfil+|erledige\\w*|bearbeite\\w*|folge|befolge|mache?|fais|suis|traite\\w*|haz|sigue|realiza|esegui|segui)';
const DONE =
  '(?:tasks?|to-?dos?|instructions?|actions?|steps|requests?|items|chores|guidelines|recommendations|suggestions|checklist|ticket|case|whatever|everything|anything|aufgaben?|anweisung\\w*|anfrage\\w*|tâches?|demandes?|tareas?|instrucciones|compiti|istruzioni)';
const SAYING =
  '(?:sa(?:ys?|id)|ask(?:s|ed)?|tells?|told|instruct(?:s|ed)?|request(?:s|ed)?|describe[sd]?|want(?:s|ed)?|list(?:s|ed)?|require[sd]?|need(?:s|ed)|propose[sd]?|specif(?:ies|ied)|outline[sd]|verlangt|gewünscht|steht|sagt|demandé?e?|dit|dice|pide|chiede)';

// "the following tasks: 1. …" lists the tasks itself: nothing is handed over.
const HANDS_OVER = `${DOING}\\b(?:\\W+(?!following\\b|these\\b|folgende)\\w+){0,4}?\\W+${DONE}\\b(?![^.\\n]{0,60}:)`;
// "what the mail requires" is said by somebody; "what is required" and "as required" only where a place follows. A new clause is none of its words.
const PLACE = '(?:in|by|on|at|from|there|here|below|above|within)';
const AS_TOLD_THERE =
  '(?:what|whatever|everything|anything|as|was|ce que|lo que)\\b(?:[^\\w,.;:!?]+(?!and\\b|or\\b|then\\b)\\w+){0,7}?[^\\w,.;:!?]+' +
  `(?:(?<!\\b(?:is|are|was|were|be|been|being)\\s+)(?<!\\bas\\s+(?=need|requir))${SAYING}\\b|${SAYING}\\b(?=\\W+${PLACE}\\b))`;

// Over lower case: a third of what matching without regard to case takes; both at once, for a text holds many words at which neither begins.
const spaced = new RegExp(`\\b(?:${HANDS_OVER}|${AS_TOLD_THERE})`);

/** "According to … in the mail do": Chinese and Japanese, where words do not stand apart. */
const spaceless = /(?:按照|根据|依照).{1,40}(?:要求|指示|说明)|(?:通り|とおり)に/;

/** Whether the text of a goal or of the user delegates. Looks at the first 4,000 units. */
export function delegates(text: string): boolean {
  const head = text.slice(0, 4000).toLowerCase();
  return spaced.test(head) || spaceless.test(head);
}

/** How much of the delegation falls on the source of a call: all where the call names what the goal named, a tenth otherwise. */
export function delegatedTo(goalDelegates: boolean, call: Relevance): number {
  if (!goalDelegates) return 0;
  return call.authority >= 1 || call.mass === 0 ? 1 : 0.1;
}
