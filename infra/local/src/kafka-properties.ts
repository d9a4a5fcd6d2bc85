// The settings of the local broker: one node, broker and controller in one.

/**
 * The text of server.properties.
 *
 * @param ports both on the loopback address; clients come to `port`.
 */
export function serverProperties(ports: { port: number; controllerPort: number; logDir: string }): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: `PLAINTEXT://127.0.0.1:${ports.port},CONTROLLER://127.0.0.1:${ports.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': ports.logDir,
    // One node keeps one copy of everything, also of its own books.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 8,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    // Partitions and TTL of every table go by the broker's time, never by the sender's.
    'log.message.timestamp.type': 'LogAppendTime',
    // 8 MiB of event and what Kafka's record batch adds.
    'message.max.bytes': (8 << 20) + (64 << 10),
    'replica.fetch.max.bytes': (8 << 20) + (64 << 10),
    'num.network.threads': 2,
    'num.io.threads': 2,
    'log.cleaner.dedupe.buffer.size': 16 << 20,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${escapeValue(String(value))}\n`)
    .join('');
}

/** java.util.Properties reads a backslash as an escape. */
const escapeValue = (value: string): string => value.replaceAll('\\', '\\\\');
