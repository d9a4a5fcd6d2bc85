import { adapterLaws } from './adapter-laws.js';
import { memoryLog } from './memory-log.js';

let topics = 0;

adapterLaws('the log in memory', async () => {
  const log = memoryLog({ topics: {}, maxBatch: 100, rebalanceTimeoutMs: 200 });
  const admin = await log.admin();
  return {
    log,
    rebalanceTimeoutMs: 200,
    async topic(partitions) {
      const name = `topic-${topics++}`;
      await admin.createTopics([{ name, partitions, config: {} }]);
      return name;
    },
    dropBelow(topic, partition, offset) {
      log.dropBelow(topic, partition, offset);
      return Promise.resolve();
    },
  };
});
