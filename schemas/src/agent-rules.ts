// Tuning per tenant and agent: which rule holds for whom. Pure, so that an evaluation on past data and a role decide alike.

/** How soon a detector speaks. Each detector says what it makes of the steps; medium is what it ships. */
export const sensitivities = ['low', 'medium', 'high'] as const;
export type Sensitivity = (typeof sensitivities)[number];

/** What a rules file holds. In a pattern `*` stands for any characters; an absent one fits all. */
export interface AgentRule {
  readonly tenant?: string | undefined;
  readonly agent?: string | undefined;
  /** Ids of the detectors that the rule is for; absent: all. */
  readonly detectors?: readonly string[] | undefined;
  readonly sensitivity?: Sensitivity | undefined;
  /** Tools that may be called again and again: waiting for something is their work. */
  readonly polling?: readonly string[] | undefined;
}

/** What holds for one agent. */
export interface AgentTuning {
  readonly sensitivity: Sensitivity;
  /** Whether the tool is on the agent's list. */
  polls(tool: string): boolean;
}

/** The tuning of a tenant's agent; the same object for the same agent, as long as it is remembered. */
export type TuningOf = (tenantId: string, agentId: string) => AgentTuning;

/** Agents beyond are looked up anew: ids come from outside, and memory is bounded. */
const REMEMBERED = 10_000;

/**
 * Of the rules that fit an agent, the first that names a sensitivity decides it (`fallback` where none does), and the lists of polling tools
 * add up. `detector` is the id of the one that asks.
 */
export function tuningUnder(rules: readonly AgentRule[], detector: string, fallback: Sensitivity): TuningOf {
  const own = rules
    .filter(({ detectors }) => detectors === undefined || detectors.includes(detector))
    .map((rule) => ({ ...rule, fitsTenant: pattern(rule.tenant ?? '*'), fitsAgent: pattern(rule.agent ?? '*') }));
  const known = new Map<string, Map<string, AgentTuning>>();
  let remembered = 0;

  function lookUp(tenantId: string, agentId: string): AgentTuning {
    const fitting = own.filter(({ fitsTenant, fitsAgent }) => fitsTenant(tenantId) && fitsAgent(agentId));
    const tools = fitting.flatMap(({ polling }) => polling ?? []).map(pattern);
    return {
      sensitivity: fitting.find(({ sensitivity }) => sensitivity !== undefined)?.sensitivity ?? fallback,
      polls: (tool) => tools.some((fits) => fits(tool)),
    };
  }

  if (own.length === 0) {
    const everyone = lookUp('', '');
    return () => everyone;
  }
  return function tuningOf(tenantId, agentId) {
    let agents = known.get(tenantId);
    const tuning = agents?.get(agentId);
    if (tuning !== undefined) return tuning;
    if (remembered++ >= REMEMBERED) {
      known.clear();
      agents = undefined;
      remembered = 1;
    }
    if (agents === undefined) known.set(tenantId, (agents = new Map<string, AgentTuning>()));
    const found = lookUp(tenantId, agentId);
    agents.set(agentId, found);
    return found;
  };
}

/** Whether a text fits, in time linear in both: a regular expression of many stars may take for ever. */
function pattern(glob: string): (text: string) => boolean {
  const [head = '', ...rest] = glob.split('*');
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === glob;
  return function fits(text) {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    const end = text.length - tail.length;
    let at = head.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}
