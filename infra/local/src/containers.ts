// Kafka and ClickHouse in containers, for a run of tests: started by testcontainers, gone when the run is over.
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import {
  GenericContainer,
  getContainerRuntimeClient,
  ImageName,
  Wait,
  type ContainerRuntimeClient,
  type StartedTestContainer,
} from 'testcontainers';
import type { ContainerImages } from './container-images.js';
import { startFailed } from './errors.js';
import { brokerEnvironment, containerPorts } from './kafka-properties.js';
import { freePort } from './ports.js';

const startTimeoutMs = 120_000;
const pullTimeoutMs = 300_000;
const clickhousePort = 8123;
/** Names the process whose run a container belongs to. */
const ownerLabel = 'watchkeeper.test-run';

/** Why containers cannot be had here, in one sentence; undefined where they can. Pulls the images that are not there. */
export async function whyNoContainers(images: ContainerImages): Promise<string | undefined> {
  let engine: ContainerRuntimeClient;
  try {
    engine = await getContainerRuntimeClient();
  } catch {
    return 'no Docker engine answers.';
  }
  for (const image of [images.kafka, images.clickhouse]) {
    if (!(await isThere(engine, image)))
      return `the Docker engine has no image ${image} and cannot pull it: make it, or name another by KAFKA_IMAGE or CLICKHOUSE_IMAGE.`;
  }
  return undefined;
}

/** Backends in containers, answering. */
export interface BackendContainers {
  /** As KAFKA_BROKERS. */
  readonly brokers: string;
  readonly clickhouseUrl: string;
  /** Removes the containers and what they hold. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts both, on ports that are free, and removes what killed runs left behind.
 *
 * @throws WK_LOCAL_START where one does not answer; testcontainers' own errors where one does not start.
 */
export async function startContainers(images: ContainerImages): Promise<BackendContainers> {
  const engine = await getContainerRuntimeClient();
  await sweep(engine);
  const host = hostOf(engine);
  const started = await Promise.allSettled([startKafka(images.kafka, host), startClickHouse(images.clickhouse, host)]);
  const containers = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value.container] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(containers.map((container) => container.stop({ timeout: 0 })));
  };
  const [kafka, clickhouse] = started;
  if (kafka.status === 'fulfilled' && clickhouse.status === 'fulfilled')
    return { brokers: kafka.value.address, clickhouseUrl: `http://${clickhouse.value.address}`, stop };
  await stop();
  throw kafka.status === 'rejected' ? kafka.reason : (clickhouse as PromiseRejectedResult).reason;
}

interface Started {
  readonly container: StartedTestContainer;
  /** `host:port`, from this machine. */
  readonly address: string;
}

async function startKafka(image: string, host: string): Promise<Started> {
  // The broker tells its clients where it is: so the published port must be known before it starts.
  const port = await freePort();
  const address = `${host}:${port}`;
  const container = await ours(image)
    .withEnvironment(brokerEnvironment(address))
    .withExposedPorts({ container: containerPorts.clients, host: port })
    .withWaitStrategy(Wait.forListeningPorts())
    .start();
  try {
    await brokerAnswers(address);
  } catch (error) {
    await container.stop();
    throw error;
  }
  return { container, address };
}

async function startClickHouse(image: string, host: string): Promise<Started> {
  const container = await ours(image)
    // Without it the image lets nobody in from outside who has no password.
    .withEnvironment({ CLICKHOUSE_SKIP_USER_SETUP: '1' })
    .withExposedPorts(clickhousePort)
    .withWaitStrategy(Wait.forHttp('/ping', clickhousePort))
    .start();
  return { container, address: `${host}:${container.getMappedPort(clickhousePort)}` };
}

/** Without testcontainers' reaper, which is one more image to pull: `sweep` does its work. */
const ours = (image: string): GenericContainer =>
  new GenericContainer(image)
    .withAutoCleanup(false)
    .withLabels({ [ownerLabel]: `${hostname()}/${process.pid}` })
    .withStartupTimeout(startTimeoutMs);

/** An open port is not a broker yet. */
async function brokerAnswers(address: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  let last: unknown;
  while (Date.now() < deadline) {
    const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
    try {
      await admin.connect();
      if ((await admin.describeCluster()).brokers.length > 0) return;
    } catch (error) {
      last = error;
    } finally {
      await admin.disconnect();
    }
    await delay(200);
  }
  throw startFailed('Kafka container', `docker logs, at ${address}`, String(last));
}

async function isThere(engine: ContainerRuntimeClient, image: string): Promise<boolean> {
  const name = ImageName.fromString(image);
  if (await engine.image.exists(name)) return true;
  const late = new AbortController();
  try {
    const timeout = delay(pullTimeoutMs, undefined, { signal: late.signal, ref: false });
    await Promise.race([engine.image.pull(name), timeout]);
    return await engine.image.exists(name);
  } catch {
    return false;
  } finally {
    late.abort();
  }
}

/** A run that was killed removes nothing: the next one does. */
async function sweep(engine: ContainerRuntimeClient): Promise<void> {
  for (const { Id, Labels } of await engine.container.list()) {
    const [host, pid] = Labels[ownerLabel]?.split('/') ?? [];
    if (host !== hostname() || isAlive(Number(pid))) continue;
    // Another run may be at it, too.
    await engine.container
      .getById(Id)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** By number: some resolvers give IPv6 first for localhost, where no port is published. */
function hostOf(engine: ContainerRuntimeClient): string {
  const { host } = engine.info.containerRuntime;
  return host === 'localhost' ? '127.0.0.1' : host;
}
