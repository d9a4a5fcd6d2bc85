// A task is the small world that one session works in: a goal, people, records, and tools whose results depend on their arguments.

import type { Topic } from './prose.js';
import { Rng } from './rng.js';

export type Args = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;

/** A record that tools find, read and change. */
export interface Item {
  readonly id: string;
  readonly title: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** What a session is about. `words` return in its texts. */
export interface Subject {
  readonly phrase: string;
  readonly words: readonly string[];
}

/** The part a tool plays in a course of work. `find` looks for records, `read` opens one, `check` asks for a state, `act` changes the world. */
export type ToolRole = 'find' | 'read' | 'check' | 'act';

export interface Tool {
  readonly name: string;
  readonly role: ToolRole;
  readonly medianMs: number;
  readonly args: (task: Task, rng: Rng, item: Item) => Args;
  /** Overrides the usual text of its role. `rng` is seeded by the world and the arguments alone. */
  readonly output?: (task: Task, rng: Rng, item: Item) => string;
}

/** Where something can be sent to or fetched from: the literal that an injected order carries. */
export type ReachKind = 'email' | 'url' | 'account';

/** A tool that reaches out of the session, with its arguments for a given destination. */
export interface Reach {
  readonly tool: string;
  readonly kind: ReachKind;
  readonly medianMs: number;
  readonly args: (task: Task, rng: Rng, literal: string) => Args;
}

export interface Domain {
  readonly name: string;
  readonly agents: readonly string[];
  readonly nouns: readonly string[];
  readonly itemId: string;
  readonly subject: (rng: Rng) => Subject;
  readonly item: (rng: Rng, subject: Subject) => { title: string; fields: Record<string, string | number> };
  /** What the session is for. Names the person where `person` is given. */
  readonly goal: (rng: Rng, subject: Subject, person: Person) => string;
  readonly plan: (rng: Rng, subject: Subject) => readonly string[];
  readonly tools: readonly Tool[];
  readonly reach: readonly Reach[];
}

export interface Task {
  readonly domain: Domain;
  readonly seed: number;
  readonly subject: Subject;
  readonly topic: Topic;
  readonly person: Person;
  readonly goal: string;
  readonly plan: readonly string[];
  /** The world's records, made when first asked for. */
  item(index: number): Item;
}

/** A call with what came back. `key` names what the result depends on. */
export interface Call {
  readonly tool: string;
  readonly role: ToolRole;
  readonly args: Args | string;
  readonly output: string;
  readonly medianMs: number;
}

/** A fresh task of a domain. */
export function openTask(domain: Domain, rng: Rng, person: Person): Task {
  const seed = rng.u32();
  const subject = domain.subject(rng);
  const items: Item[] = [];
  return {
    domain,
    seed,
    subject,
    person,
    topic: { nouns: domain.nouns, subjectWords: subject.words },
    goal: domain.goal(rng, subject, person),
    plan: domain.plan(rng, subject),
    item(index) {
      for (let next = items.length; next <= index; next++) {
        const from = new Rng(seed, 'item', next);
        items.push({ id: from.code(domain.itemId), ...domain.item(from, subject) });
      }
      return items[index] ?? { id: '', title: '', fields: {} };
    },
  };
}

/** Tools of a domain that play a role. */
export function toolsOf(domain: Domain, role: ToolRole): readonly Tool[] {
  return domain.tools.filter((tool) => tool.role === role);
}

/** Randomness of a result: the same world, tool and key give the same text; `version` counts changes of the world. */
export function resultRng(task: Task, tool: string, key: string, version = 0): Rng {
  return new Rng(task.seed, tool, key, version);
}
