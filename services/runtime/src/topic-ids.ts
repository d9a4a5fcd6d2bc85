// What names the present lives of topics, for those who keep it beside what they keep of the topics.

import { WatchkeeperError } from '@watchkeeper/schemas';
import type { LogAdmin } from './contract.js';

/** Topic → what names its life ({@link LogAdmin.lifeOf}), '' where the log cannot say; topics that are not there are absent. */
export async function topicIdsOf(
  admin: Pick<LogAdmin, 'lifeOf'>,
  topics: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const topic of topics) {
    try {
      ids.set(topic, (await admin.lifeOf(topic)) ?? '');
    } catch (error) {
      if (!(error instanceof WatchkeeperError) || error.code !== 'WK_NO_TOPIC') throw error;
    }
  }
  return ids;
}
