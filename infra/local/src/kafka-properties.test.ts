// The same broker everywhere: on this machine, in a test's container, in compose.yaml.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { brokerEnvironment, loneBroker, serverProperties, variableOf } from './kafka-properties.js';

const compose = readFileSync(fileURLToPath(new URL('../../compose.yaml', import.meta.url)), 'utf8');
const inCompose = new Map(
  [...compose.matchAll(/^ +(KAFKA_[A-Z_]+): '?(.*?)'?$/gm)].map(([, name, value]) => [name, value]),
);

describe('a lone broker', () => {
  it.each(Object.entries(loneBroker))(
    'has %s=%s on this machine, in a container and in compose.yaml',
    (name, value) => {
      const properties = serverProperties({ port: 1, controllerPort: 2, logDir: '/data' });
      expect(properties.split('\n')).toContain(`${name}=${value}`);
      expect(brokerEnvironment('h:1')).toHaveProperty(variableOf(name), String(value));
      expect(inCompose.get(variableOf(name))).toBe(String(value));
    },
  );

  it('sends clients to the published address, and itself to its own', () => {
    expect(brokerEnvironment('1.2.3.4:5')).toMatchObject({
      KAFKA_ADVERTISED_LISTENERS: 'CLIENTS://1.2.3.4:5,ITSELF://localhost:9094',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'ITSELF',
    });
  });
});

it('sends those that come in by the second way to its proxy, and itself past it', () => {
  const ports = { port: 1, controllerPort: 2, logDir: '/data' };
  const properties = serverProperties(ports, { proxied: { listen: 3, advertise: 4 } }).split('\n');
  expect(properties).toContain('listeners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2,PROXIED://127.0.0.1:3');
  expect(properties).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:1,PROXIED://127.0.0.1:4');
  expect(properties).toContain('inter.broker.listener.name=PLAINTEXT');
});

it('keeps a backslash of a folder, which Java would read as an escape', () => {
  expect(serverProperties({ port: 1, controllerPort: 2, logDir: 'C:\\data' })).toContain('log.dirs=C:\\\\data\n');
});
