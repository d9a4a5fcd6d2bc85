// The agents of the fleet: what they do, with which model, how fast, when, and how well.

import { DOMAINS } from './domains/index.js';
import { Rng } from './world/rng.js';
import type { Domain } from './world/task.js';

/** A model as a provider offers it. Prices in US dollars per million tokens: list prices of their kind, for illustration. */
export interface Model {
  readonly provider: string;
  readonly name: string;
  readonly inputPrice: number;
  readonly outputPrice: number;
  readonly tokensPerSecond: number;
  readonly firstTokenMs: number;
}

const MODELS: readonly Model[] = [
  { provider: 'openai', name: 'gpt-4o', inputPrice: 2.5, outputPrice: 10, tokensPerSecond: 80, firstTokenMs: 480 },
  {
    provider: 'openai',
    name: 'gpt-4o-mini',
    inputPrice: 0.15,
    outputPrice: 0.6,
    tokensPerSecond: 95,
    firstTokenMs: 390,
  },
  {
    provider: 'google',
    name: 'gemini-2.0-flash',
    inputPrice: 0.1,
    outputPrice: 0.4,
    tokensPerSecond: 150,
    firstTokenMs: 330,
  },
  { provider: 'mistral', name: 'mistral-large', inputPrice: 2, outputPrice: 6, tokensPerSecond: 45, firstTokenMs: 560 },
  {
    provider: 'meta',
    name: 'llama-3.3-70b',
    inputPrice: 0.59,
    outputPrice: 0.79,
    tokensPerSecond: 210,
    firstTokenMs: 260,
  },
];

export type Rhythm = 'office' | 'evening' | 'round the clock';

export interface AgentProfile {
  readonly index: number;
  readonly tenantId: string;
  readonly agentId: string;
  readonly version: string;
  /** A new version takes over at this time; 0: never. */
  readonly upgradeAtMicros: number;
  readonly domain: Domain;
  readonly model: Model;
  readonly rhythm: Rhythm;
  /** Local hour at the fleet's end. */
  readonly hourAtEnd: number;
  /** Mean over a day. */
  readonly eventsPerHour: number;
  /** Tokens of the system prompt and tools. */
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly llmSpeed: number;
  readonly toolSpeed: number;
  readonly errorRate: number;
  readonly cacheShare: number;
  /** Share of calls that an LLM call precedes. */
  readonly thinks: number;
  /** A supervisor that hands calls to workers in words. */
  readonly team: boolean;
}

const TENANTS = ['northwind', 'harbourline', 'fernhill', 'tidewater'];
const RHYTHMS: readonly Rhythm[] = ['office', 'evening', 'round the clock'];

/** `count` agents of a seed. Their events per hour sum up to `eventsPerHour`. Times are relative to `endMicros`. */
export function makeAgents(
  seed: string | number,
  count: number,
  eventsPerHour: number,
  endMicros: number,
): AgentProfile[] {
  const drawn = Array.from({ length: count }, (_, index) => drawAgent(new Rng(seed, 'agent', index), index, endMicros));
  const sum = drawn.reduce((total, agent) => total + agent.eventsPerHour, 0);
  return drawn.map((agent) => ({ ...agent, eventsPerHour: (agent.eventsPerHour / sum) * eventsPerHour }));
}

function drawAgent(rng: Rng, index: number, endMicros: number): AgentProfile {
  const domain = DOMAINS[index % DOMAINS.length] ?? rng.pick(DOMAINS);
  return {
    index,
    tenantId: rng.pick(TENANTS),
    agentId: `${rng.pick(domain.agents)}-${String(index + 1).padStart(3, '0')}`,
    version: `${rng.int(1, 4)}.${rng.int(0, 12)}.${rng.int(0, 9)}`,
    upgradeAtMicros: rng.chance(0.06) ? endMicros - rng.int(2, 40) * 3_600_000_000 : 0,
    domain,
    model: rng.pick(MODELS),
    rhythm: RHYTHMS[rng.weighted([0.45, 0.2, 0.35])] ?? 'office',
    hourAtEnd: rng.int(0, 23) + rng.pick([0, 0, 0.5]),
    eventsPerHour: rng.between(25, 48),
    promptTokens: Math.round(rng.lognormal(1500, 0.5)),
    outputTokens: Math.round(rng.lognormal(110, 0.35)),
    llmSpeed: rng.lognormal(1, 0.25),
    toolSpeed: rng.lognormal(1, 0.35),
    errorRate: rng.between(0.015, 0.04),
    cacheShare: rng.chance(0.5) ? rng.between(0.2, 0.8) : 0,
    thinks: rng.between(0.55, 1),
    team: rng.chance(0.15),
  };
}

const HOUR_MICROS = 3_600_000_000;

/** How busy an agent is at a time, relative to its mean over a day. */
export function activity(agent: AgentProfile, micros: number, endMicros: number): number {
  const hour = (((agent.hourAtEnd + (micros - endMicros) / HOUR_MICROS) % 24) + 24) % 24;
  switch (agent.rhythm) {
    case 'office':
      return 0.25 + 2.25 * bump(hour, 13, 3.2);
    case 'evening':
      return 0.35 + 1.95 * bump(hour, 19.5, 3.2);
    case 'round the clock':
      return 0.85 + 0.3 * bump(hour, 15, 4.8);
  }
}

/** Events of an average session, measured over seeds; turns a rate of events into a rate of sessions. */
const EVENTS_PER_SESSION = 21.2;

/** Sessions an hour that an agent begins at a time by its own rhythm. */
export function sessionsPerHour(agent: AgentProfile, micros: number, endMicros: number): number {
  return (agent.eventsPerHour / EVENTS_PER_SESSION) * activity(agent, micros, endMicros);
}

/** A bell over the hours of a day. */
function bump(hour: number, centre: number, width: number): number {
  const apart = Math.min(Math.abs(hour - centre), 24 - Math.abs(hour - centre));
  return Math.exp(-0.5 * (apart / width) ** 2);
}
