// Are the topics of a lane still those that it began with? A topic that is deleted and made again answers by the same name.

import type { LogAdmin } from '../contract.js';
import { topicReplaced } from '../errors.js';
import { topicIdsOf } from '../topic-ids.js';

/** Looks that must agree: metadata lags behind for a moment where brokers come and go. */
const LOOKS = 2;

/** Looks at the ids of `topics`; undefined while all is well, or while nobody answers. */
export function topicWatch(
  admin: Pick<LogAdmin, 'lifeOf'>,
  topics: readonly string[],
  begun: ReadonlyMap<string, string>,
): () => Promise<Error | undefined> {
  const strikes = new Map<string, number>();
  return async function look() {
    let ids: ReadonlyMap<string, string>;
    try {
      ids = await topicIdsOf(admin, topics);
    } catch {
      return undefined;
    }
    for (const topic of topics) {
      const others = ids.get(topic) === begun.get(topic) ? 0 : (strikes.get(topic) ?? 0) + 1;
      strikes.set(topic, others);
      if (others >= LOOKS) return topicReplaced(topic);
    }
    return undefined;
  };
}
