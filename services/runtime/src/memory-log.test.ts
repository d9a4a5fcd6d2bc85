import { adapterLaws, type AdapterUnderTest } from './adapter-laws.js';
import { memoryLog } from './memory-log.js';
import { transactionLaws } from './transaction-laws.js';

let topics = 0;

async function memoryUnderTest(): Promise<AdapterUnderTest> {
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
}

adapterLaws('the log in memory', memoryUnderTest);
transactionLaws('the log in memory', memoryUnderTest);
