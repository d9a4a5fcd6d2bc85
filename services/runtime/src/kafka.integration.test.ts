import { testBackends } from '@watchkeeper/local';
import kafkajs from 'kafkajs';
import { adapterLaws, type AdapterUnderTest } from './adapter-laws.js';
import { kafkaLog } from './kafka/adapter.js';
import { silentLogger } from './log.js';
import { transactionLaws } from './transaction-laws.js';

let topics = 0;

async function kafkaUnderTest(): Promise<AdapterUnderTest> {
  const { brokers, topicPrefix } = await testBackends();
  const log = kafkaLog({
    brokers: [brokers].flat(),
    clientId: 'laws',
    prefix: topicPrefix,
    rebalanceTimeoutMs: 2_000,
    sessionTimeoutMs: 10_000,
    logger: silentLogger,
  });
  return {
    log,
    rebalanceTimeoutMs: 2_000,
    async topic(partitions) {
      const name = `topic-${topics++}`;
      const admin = await log.admin();
      await admin.createTopics([{ name, partitions, config: { 'message.timestamp.type': 'LogAppendTime' } }]);
      await admin.close();
      return name;
    },
    async dropBelow(topic, partition, offset) {
      const admin = new kafkajs.Kafka({ brokers: [brokers].flat(), logLevel: kafkajs.logLevel.NOTHING }).admin();
      await admin.connect();
      // deleteTopicRecords looks at metadata that something else must have loaded.
      await admin.fetchTopicOffsets(topicPrefix + topic);
      await admin.deleteTopicRecords({
        topic: topicPrefix + topic,
        partitions: [{ partition, offset: String(offset) }],
      });
      await admin.disconnect();
    },
  };
}

adapterLaws('Kafka through kafkajs', kafkaUnderTest);
transactionLaws('Kafka through kafkajs', kafkaUnderTest);
