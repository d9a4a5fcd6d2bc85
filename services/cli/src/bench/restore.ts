// (e) Restore: a process that takes over the states of a million sessions, as after a crash; and what they weigh in the changelog.

import { loopDetectorRole, loopEngine, loopInput, LoopView } from '@watchkeeper/loop-detector';
import { changelogStore, hostRoles, KeyedEngine, silentLogger, type Lease } from '@watchkeeper/runtime';
import { catalogueIds, StateWriter, tupleKey, viewDecoder } from '@watchkeeper/schemas';
import { eventEncoder, filling, Fleet } from '../simulate/index.js';
import { roleEnvironment } from '../stack/environment.js';
import { withSite, type Bench, type Site } from './place.js';
import { stopwatch } from './stopwatch.js';

const SOURCE = 'agent.events';
const SAMPLE_EVENTS = 40_000;
/** A transaction of more would take longer than Kafka lets it. */
const KEYS_AT_ONCE = 10_000;
const DAY_MICROS = 86_400_000_000;

export interface RestoreResult {
  readonly sessions: number;
  /** Of the loop detector, as written. */
  readonly bytesPerState: number;
  /** From nothing to every partition taken over, joining the group included. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the process, more than before. */
  readonly heapMegabytes: number;
  readonly residentMegabytes: number;
  readonly stages: Readonly<Record<string, number>>;
}

/** `sessions` states in the loop detector's changelog, taken over by one process. */
export function restore(bench: Bench, sessions: number): Promise<RestoreResult> {
  return withSite(bench, 'restore', async (site) => {
    const watch = stopwatch();
    const states = sampleStates();
    bench.say(`Writing the states of ${sessions} sessions …`);
    const bytes = await write(site, sessions, states);
    watch.lap('write');
    bench.say(`Taking over ${sessions} sessions …`);
    const before = process.memoryUsage();
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    const env = { ...roleEnvironment(bench.backends, site.place), LOG_LEVEL: 'silent' };
    const host = await hostRoles([loopDetectorRole], env);
    try {
      await Promise.race([host.ready, host.done]);
      const seconds = (performance.now() - startMs) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      const after = process.memoryUsage();
      watch.lap('restore');
      const held = await host.metrics.valueOf('stateKeys', { role: loopDetectorRole.name });
      if (held !== sessions) throw new Error(`${held} of ${sessions} sessions were taken over`);
      return {
        sessions,
        bytesPerState: Math.round(bytes / sessions),
        seconds: tenths(seconds),
        cpuSeconds: tenths((user + system) / 1e6),
        heapMegabytes: megabytes(after.heapUsed - before.heapUsed),
        residentMegabytes: megabytes(after.rss),
        stages: watch.laps,
      };
    } finally {
      await host.stop();
    }
  });
}

/** The loop detector's states of simulated sessions, as far as they have come when the sample ends. */
function sampleStates(): Buffer[] {
  const ids = catalogueIds();
  const decode = viewDecoder(LoopView, ids.writerTypeOf);
  const encode = eventEncoder(ids.idOf('AgentEvent'));
  const options = { ...loopEngine({}, { idleMs: DAY_MICROS }), endsKey: () => false };
  const engine = new KeyedEngine(options, { trackChanges: true });
  const fleet = new Fleet(
    filling({ seed: 'restore', events: SAMPLE_EVENTS, faultyShare: 0.05, endMicros: 1_760_000_000_000_000 }),
  );
  let offset = 0;
  for (const event of fleet.events()) {
    const decoded = decode(encode(event).value ?? null);
    if (decoded.kind === 'ok')
      engine.observe(loopInput(decoded.value, { timestampMs: event.occurred_at / 1000 }), offset);
    if (++offset === SAMPLE_EVENTS) break;
  }
  return [...engine.takeChanges()].flatMap(({ state }) => (state ? [state] : []));
}

/** As the role writes them; the bytes of all states. */
async function write({ log, admin }: Site, sessions: number, states: readonly Buffer[]): Promise<number> {
  const producer = await log.producer();
  const store = changelogStore({ log, producer, logger: silentLogger });
  const { id, version } = loopEngine().detector;
  const partitions = (await admin.ranges(SOURCE)).length;
  const life = await admin.lifeOf(SOURCE);
  // No record was read yet, and nothing is known of the watermark.
  const partitionRecord = new StateWriter(1).int(-1).int(0).bytes(loopEngine().watermark.create().encode()).done();
  let bytes = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const place = {
      role: loopDetectorRole.name,
      topic: SOURCE,
      partition,
      partitions,
      life,
      detector: { id, version },
    };
    const keeper = await store.open(place);
    const last = Math.floor((sessions * (partition + 1)) / partitions);
    for (let from = Math.floor((sessions * partition) / partitions); from < last; from += KEYS_AT_ONCE) {
      const changes = Array.from({ length: Math.min(KEYS_AT_ONCE, last - from) }, (_, n) => ({
        key: tupleKey('tenant', `session-${from + n}`),
        state: states[(from + n) % states.length],
      }));
      bytes += changes.reduce((sum, { state }) => sum + (state?.length ?? 0), 0);
      await keeper.checkpoint({ changes, partition: partitionRecord }, 0, noLease);
    }
    await keeper.close();
  }
  await producer.close();
  return bytes;
}

/** A changelog commits by its transactions. */
const noLease: Lease = {
  commit: () => Promise.reject(new TypeError('a changelog commits by its transactions')),
  heartbeat: () => Promise.resolve(),
  msSinceHeartbeat: () => 0,
  sessionTimeoutMs: 1,
  signal: new AbortController().signal,
};

const tenths = (value: number): number => Math.round(value * 10) / 10;
const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
