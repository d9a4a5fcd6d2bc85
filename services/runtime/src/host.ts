// Hosts any set of roles in one process.

import { encodeWire, openSchemaIds, writerTypes, type SchemaIds, type SchemaName } from '@watchkeeper/schemas';
import { kafkaAccess } from './access-settings.js';
import type { CommonSettings } from './common-settings.js';
import { systemClock } from './clock.js';
import { changelogStore } from './changelog-store.js';
import type { Clock, LogAdapter, LogAdmin, LogProducer } from './contract.js';
import { createDeadLetters } from './dead-letters.js';
import { deferred } from './deferred.js';
import { stopTookTooLong } from './errors.js';
import { hostRole, type HostedRole } from './hosted-role.js';
import { serveHealth, type HealthPort, type HealthServer } from './http.js';
import { kafkaLog } from './kafka/adapter.js';
import { createLogger, type Logger } from './log.js';
import { createMetrics, type Metrics } from './metrics.js';
import type { Role, RoleContext } from './role.js';
import { loadRoleSettings } from './role-settings.js';
import { sleep } from './sleep.js';
import { memoryStore, type StateStore } from './state-store.js';

/** A broker's restart with a long log takes half a minute: no reason to restart everyone else. */
const LEAST_PATIENCE_MS = 60_000;

export interface HostOptions {
  /** Default: Kafka at KAFKA_BROKERS. */
  readonly log?: LogAdapter;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly states?: StateStore;
  /** Default: the registry at SCHEMA_REGISTRY_URL, or the catalogue. */
  readonly schemas?: SchemaIds;
  /** All roles of the fleet: the variables of those that are not hosted here are known, too. */
  readonly fleet?: readonly Role[];
}

/** Roles at work. */
export interface Host {
  /** Resolves once every lane has its first assignment. */
  readonly ready: Promise<void>;
  /** Resolves after a clean stop; rejects with the first fault, when all roles have been stopped. */
  readonly done: Promise<void>;
  /** Port of /metrics, /healthz, /readyz; undefined where HTTP_PORT is 0. */
  readonly httpPort: number | undefined;
  readonly metrics: Metrics;
  /** SIGTERM's way: finish the block, commit, leave, close, within SHUTDOWN_MS. Throws WK_SHUTDOWN past it. */
  stop(): Promise<void>;
}

/** Starts `roles` with the settings in `env`. Throws WK_SETTINGS with the faults of all of them before anything is started. */
export async function hostRoles(
  roles: readonly Role[],
  env: Readonly<Record<string, string | undefined>>,
  options: HostOptions = {},
): Promise<Host> {
  // With a log given, there are no brokers to name.
  const settingsOf = loadRoleSettings(
    roles,
    options.log ? { KAFKA_BROKERS: 'given:9092', ...env } : env,
    options.fleet,
  );
  const [common] = settingsOf.values();
  if (!common) throw new TypeError('hostRoles was given no role to host');
  const logger = options.logger ?? createLogger({ level: common.LOG_LEVEL });
  const metrics = options.metrics ?? createMetrics({ processDefaults: true });
  const log = options.log ?? kafkaOf(common, logger);
  const process = new HostedProcess({ log, common, logger, metrics, options });
  await process.start(settingsOf);
  return process;
}

function kafkaOf(common: CommonSettings, logger: Logger): LogAdapter {
  return kafkaLog({
    brokers: common.KAFKA_BROKERS,
    clientId: common.KAFKA_CLIENT_ID,
    prefix: common.TOPIC_PREFIX,
    compression: common.KAFKA_COMPRESSION,
    sessionTimeoutMs: common.KAFKA_SESSION_TIMEOUT_MS,
    access: kafkaAccess(common),
    logger,
  });
}

interface Parts {
  readonly log: LogAdapter;
  readonly common: CommonSettings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly options: HostOptions;
}

class HostedProcess implements Host {
  readonly ready: Promise<void>;
  readonly done: Promise<void>;
  readonly metrics: Metrics;
  readonly #parts: Parts;
  readonly #ready = deferred<undefined>();
  readonly #done = deferred<undefined>();
  readonly #stopping = new AbortController();
  readonly #roles: HostedRole[] = [];
  #producer: LogProducer | undefined;
  #admin: LogAdmin | undefined;
  #server: HealthServer | undefined;
  #stopped: Promise<void> | undefined;
  #fault: { readonly error: unknown } | undefined;
  #joined = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.metrics = parts.metrics;
    this.ready = this.#ready.promise.then(() => undefined);
    this.done = this.#done.promise.then(() => undefined);
    this.ready.catch(() => undefined);
    this.done.catch(() => undefined);
  }

  get httpPort(): number | undefined {
    return this.#server?.port;
  }

  async start(settingsOf: ReadonlyMap<Role, CommonSettings & Record<string, unknown>>): Promise<void> {
    const { log, common, metrics } = this.#parts;
    try {
      this.#producer = await log.producer();
      this.#admin = await log.admin();
      const health = this.#health();
      if (common.HTTP_PORT > 0)
        this.#server = await serveHealth({ host: common.HTTP_HOST, port: common.HTTP_PORT, metrics, health });
      const schemas = await this.#openSchemas();
      const shared = { producer: this.#producer, admin: this.#admin, schemas };
      for (const [role, settings] of settingsOf) {
        this.#roles.push(await hostRole(log, role.start(settings), this.#contextOf(role.name, settings, shared)));
      }
    } catch (error) {
      this.#fault = { error };
      await this.stop().catch(() => undefined);
      throw error;
    }
    this.#watch();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  #openSchemas(): Promise<SchemaIds> {
    const { options, common } = this.#parts;
    if (options.schemas) return Promise.resolve(options.schemas);
    const registryUrl = common.SCHEMA_REGISTRY_URL;
    return openSchemaIds(registryUrl === undefined ? {} : { registryUrl });
  }

  #contextOf(
    role: string,
    settings: CommonSettings,
    { producer, admin, schemas }: { producer: LogProducer; admin: LogAdmin; schemas: SchemaIds },
  ): RoleContext {
    const { options, metrics } = this.#parts;
    const clock = options.clock ?? systemClock;
    const encode = (schema: SchemaName, record: unknown): Buffer =>
      encodeWire(schemas.idOf(schema), writerTypes[schema], record);
    return {
      role,
      settings,
      clock,
      metrics,
      producer,
      admin,
      logger: this.#parts.logger.child({ role }),
      states: options.states ?? this.#statesOf(settings, producer),
      schemas,
      writerTypeOf: schemas.writerTypeOf,
      encode,
      deadLetters: createDeadLetters({
        service: role,
        producer,
        clock,
        metrics,
        encode: (letter) => encode('DeadLetter', letter),
        maxShare: settings.DEAD_LETTER_MAX_SHARE,
        acceptBad: settings.ACCEPT_BAD,
      }),
      signal: this.#stopping.signal,
    };
  }

  #statesOf(settings: CommonSettings, producer: LogProducer): StateStore {
    const { log, logger } = this.#parts;
    return settings.STATE_STORE === 'memory' ? memoryStore() : changelogStore({ log, producer, logger });
  }

  #watch(): void {
    const lanes = this.#roles.flatMap((role) => role.lanes);
    void Promise.all(lanes.map(({ consumption }) => consumption.joined)).then(() => {
      this.#joined = true;
      this.#ready.resolve(undefined);
    });
    for (const { group, consumption } of lanes) {
      consumption.done.catch((error: unknown) => {
        this.#parts.logger.error({ group, err: error }, 'a lane has failed: the process stops');
        this.#fault ??= { error };
        this.#ready.reject(error);
        this.stop().catch(() => undefined);
      });
    }
  }

  async #stopAll(): Promise<void> {
    const { SHUTDOWN_MS } = this.#parts.common;
    this.#stopping.abort();
    const inTime = new AbortController();
    const late = sleep(SHUTDOWN_MS, inTime.signal).then(() => {
      if (!inTime.signal.aborted) throw stopTookTooLong(SHUTDOWN_MS);
    });
    try {
      await Promise.race([this.#closeAll(), late]);
    } catch (error) {
      this.#fault ??= { error };
    } finally {
      inTime.abort();
    }
    const fault = this.#fault;
    if (!fault) this.#done.resolve(undefined);
    else {
      this.#ready.reject(fault.error);
      this.#done.reject(fault.error);
    }
  }

  async #closeAll(): Promise<void> {
    const ended = await Promise.allSettled(this.#roles.map((role) => role.stop()));
    await this.#producer?.close();
    await this.#admin?.close();
    await this.#server?.close();
    const failed = ended.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  #health(): HealthPort {
    const patienceMs = Math.max(LEAST_PATIENCE_MS, 2 * this.#parts.common.KAFKA_SESSION_TIMEOUT_MS);
    return {
      alive: () => {
        const faults = this.#fault ? ['A role has failed; the process stops.'] : [];
        for (const { group, consumption } of this.#roles.flatMap((role) => role.lanes)) {
          const silentMs = consumption.msSinceProgress();
          if (silentMs > patienceMs)
            faults.push(`Group ${group} has not heard of Kafka for ${Math.round(silentMs / 1000)} s.`);
        }
        return faults;
      },
      ready: () => {
        if (this.#stopping.signal.aborted) return ['The process stops.'];
        return this.#joined ? [] : ['Not every group has been joined yet.'];
      },
    };
  }
}
