// Which member gets which partitions: partition n of all of a lane's topics goes to one member, and stays there where it can.

/** A member of a group: what it subscribes to, and the partition numbers it held before. */
export interface Member {
  readonly id: string;
  readonly topics: readonly string[];
  readonly held: readonly number[];
}

/** Member → topic → partitions. Every member has an entry. */
export type Plan = Map<string, Map<string, number[]>>;

/**
 * Deals partition numbers, not partitions: number n of every topic that has one goes to one member (co-partitioned), counts differ by at
 * most one, and as few numbers as possible move. Depends on the set of members alone, not on its order. Topics that not every
 * member subscribes to (a rolling upgrade) are dealt among their subscribers alone.
 */
export function planAssignment(members: readonly Member[], partitionsOf: ReadonlyMap<string, number>): Plan {
  const ordered = [...members].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const plan: Plan = new Map(ordered.map((member) => [member.id, new Map<string, number[]>()]));
  for (const { subscribers, topics } of bySubscribers(ordered, partitionsOf)) {
    const numbers = Math.max(0, ...topics.map((topic) => partitionsOf.get(topic) ?? 0));
    for (const [id, dealt] of dealNumbers(subscribers, numbers)) {
      for (const topic of topics) {
        const partitions = dealt.filter((number) => number < (partitionsOf.get(topic) ?? 0));
        if (partitions.length > 0) plan.get(id)?.set(topic, partitions);
      }
    }
  }
  return plan;
}

function bySubscribers(
  members: readonly Member[],
  partitionsOf: ReadonlyMap<string, number>,
): { subscribers: Member[]; topics: string[] }[] {
  const groups = new Map<string, { subscribers: Member[]; topics: string[] }>();
  for (const topic of [...partitionsOf.keys()].sort()) {
    const subscribers = members.filter((member) => member.topics.includes(topic));
    if (subscribers.length === 0) continue;
    const key = JSON.stringify(subscribers.map((member) => member.id));
    const group = groups.get(key) ?? { subscribers, topics: [] };
    groups.set(key, group);
    group.topics.push(topic);
  }
  return [...groups.values()];
}

function dealNumbers(members: readonly Member[], numbers: number): Map<string, number[]> {
  const dealt = new Map(members.map((member) => [member.id, [] as number[]]));
  const least = Math.floor(numbers / members.length);
  // So many members may hold one more than the least; those that held most before keep it.
  let extras = numbers - least * members.length;
  const free = new Set(Array.from({ length: numbers }, (_, number) => number));
  const keepers = [...members].sort((a, b) => b.held.length - a.held.length || (a.id < b.id ? -1 : 1));
  for (const member of keepers) {
    const mine = dealt.get(member.id) ?? [];
    for (const number of [...new Set(member.held)].sort((a, b) => a - b)) {
      if (!free.has(number)) continue;
      if (mine.length < least) mine.push(number);
      else if (mine.length === least && extras > 0) {
        mine.push(number);
        extras--;
      } else break;
      free.delete(number);
    }
  }
  for (const member of members) {
    const mine = dealt.get(member.id) ?? [];
    for (const number of free) {
      if (mine.length >= least) break;
      mine.push(number);
      free.delete(number);
    }
  }
  for (const member of members) {
    const mine = dealt.get(member.id) ?? [];
    const [number] = free;
    if (number !== undefined && mine.length === least) {
      mine.push(number);
      free.delete(number);
    }
    mine.sort((a, b) => a - b);
  }
  return dealt;
}
