// The settings of a broker that stands alone: one node, broker and controller in one.

/** What every such broker of ours has, wherever it runs; infra/compose.yaml says the same in its own words. */
export const loneBroker = {
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.listener.names': 'CONTROLLER',
  // One node keeps one copy of everything, also of its own books.
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'group.initial.rebalance.delay.ms': 0,
  'auto.create.topics.enable': false,
  // Partitions and TTL of every table go by the broker's time, never by the sender's.
  'log.message.timestamp.type': 'LogAppendTime',
  // 8 MiB of event and what Kafka's record batch adds.
  'message.max.bytes': (8 << 20) + (64 << 10),
  'replica.fetch.max.bytes': (8 << 20) + (64 << 10),
} as const;

/** What keeps a broker small that only this machine's programs and tests use. */
const small = {
  'offsets.topic.num.partitions': 8,
  'transaction.state.log.num.partitions': 8,
  'num.network.threads': 2,
  'num.io.threads': 2,
  'log.cleaner.dedupe.buffer.size': 16 << 20,
} as const;

/** A second door, for tests: TLS, login, and only what ACLs allow. Whoever comes by the first door is a super user. */
export interface SecureListener {
  /** On the loopback address. */
  readonly port: number;
  /** One PEM file: the key (PKCS #8) and its certificate. */
  readonly keystoreFile: string;
  /** Name to password, known to PLAIN and to both SCRAMs. OAUTHBEARER takes unsigned tokens. */
  readonly users: Readonly<Record<string, string>>;
}

/** A way in for clients that come through a proxy: the broker listens on one port, and tells those clients to come to the other. */
export interface ProxiedListener {
  readonly listen: number;
  /** The proxy's port. */
  readonly advertise: number;
}

/** Listeners beside the first one. */
export interface MoreListeners {
  readonly secure?: SecureListener;
  readonly proxied?: ProxiedListener;
}

/**
 * The text of server.properties.
 *
 * @param ports both on the loopback address; clients come to `port`.
 */
export function serverProperties(
  ports: { port: number; controllerPort: number; logDir: string },
  { secure, proxied }: MoreListeners = {},
): string {
  const settings: Record<string, string | number | boolean> = {
    ...loneBroker,
    ...small,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controllerPort}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: `PLAINTEXT://127.0.0.1:${ports.port},CONTROLLER://127.0.0.1:${ports.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': ports.logDir,
  };
  if (secure) addSecureListener(settings, secure);
  if (proxied) addListener(settings, 'PROXIED', 'PLAINTEXT', proxied.listen, proxied.advertise);
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${escapeValue(String(value))}\n`)
    .join('');
}

function addSecureListener(settings: Record<string, unknown>, { port, keystoreFile, users }: SecureListener): void {
  const security = 'org.apache.kafka.common.security';
  const known = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  addListener(settings, 'SECURE', 'SASL_SSL', port, port);
  Object.assign(settings, {
    'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    'listener.name.secure.ssl.keystore.type': 'PEM',
    'listener.name.secure.ssl.keystore.location': keystoreFile,
    'listener.name.secure.plain.sasl.jaas.config': `${security}.plain.PlainLoginModule required ${known.join(' ')};`,
    'listener.name.secure.scram-sha-256.sasl.jaas.config': `${security}.scram.ScramLoginModule required;`,
    'listener.name.secure.scram-sha-512.sasl.jaas.config': `${security}.scram.ScramLoginModule required;`,
    'listener.name.secure.oauthbearer.sasl.jaas.config': `${security}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  });
}

function addListener(
  settings: Record<string, unknown>,
  name: string,
  protocol: string,
  listen: number,
  advertise: number,
): void {
  const add = (setting: string, entry: string): void => {
    settings[setting] = `${String(settings[setting])},${entry}`;
  };
  add('listeners', `${name}://127.0.0.1:${listen}`);
  add('advertised.listeners', `${name}://127.0.0.1:${advertise}`);
  add('listener.security.protocol.map', `${name}:${protocol}`);
}

/** java.util.Properties reads a backslash as an escape. */
const escapeValue = (value: string): string => value.replaceAll('\\', '\\\\');

/** The container's ports: clients of other machines come to the published one, the broker itself to its own. */
export const containerPorts = { clients: 9092, itself: 9094, controller: 9093 } as const;

/**
 * The environment of apache/kafka's image: KAFKA_SOME_KEY stands for some.key.
 *
 * @param advertised where clients reach the published port, `host:port`.
 */
export function brokerEnvironment(advertised: string): Record<string, string> {
  const { clients, itself, controller } = containerPorts;
  const settings = {
    ...loneBroker,
    ...small,
    'controller.quorum.voters': `1@localhost:${controller}`,
    'inter.broker.listener.name': 'ITSELF',
    listeners: `CLIENTS://:${clients},ITSELF://localhost:${itself},CONTROLLER://:${controller}`,
    // The published address leads nowhere from inside, and a broker writes its transactions' markers over the network.
    'advertised.listeners': `CLIENTS://${advertised},ITSELF://localhost:${itself}`,
    'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,ITSELF:PLAINTEXT,CONTROLLER:PLAINTEXT',
  };
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [variableOf(name), String(value)]));
}

/** `message.max.bytes` as the image's environment names it. */
export const variableOf = (setting: string): string => `KAFKA_${setting.replaceAll('.', '_').toUpperCase()}`;
