// (e) Restore: a process that takes over the states of a million sessions, as after a crash; and what they weigh in the changelog.

import { loopDetectorRole, loopEngine, loopInput, LoopView } from '@watchkeeper/loop-detector';
import { changelogStore, KeyedEngine, silentLogger, type Lease } from '@watchkeeper/runtime';
import { catalogueIds, StateWriter, tupleKey, viewDecoder } from '@watchkeeper/schemas';
import { eventEncoder, filling, Fleet } from '../simulate/index.js';
import { BYTES_PER_MIB, metricsOf, residentMbOf, sumOf } from '../stack/role-metrics.js';
import type { RoleProcess } from '../stack/role-processes.js';
import { cpuSeconds } from './cpu.js';
import { startGroups, withSite, type Bench, type Site } from './place.js';
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
  /** From no process to every partition taken over, joining the group included. */
  readonly seconds: number;
  /** Of the process. */
  readonly cpuSeconds: number;
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
    const startMs = performance.now();
    const running = await startGroups(bench, site.place, [[loopDetectorRole.name]], { withMetrics: true });
    try {
      const seconds = (performance.now() - startMs) / 1000;
      watch.lap('restore');
      return {
        sessions,
        bytesPerState: Math.round(bytes / sessions),
        seconds: tenths(seconds),
        ...(await lookAt(running.processes, sessions)),
        stages: watch.laps,
      };
    } finally {
      await running.stop();
    }
  });
}

type TakenOver = Pick<RestoreResult, 'cpuSeconds' | 'heapMegabytes' | 'residentMegabytes'>;

async function lookAt([role]: readonly RoleProcess[], sessions: number): Promise<TakenOver> {
  if (role === undefined) throw new TypeError('no process was started');
  const used = cpuSeconds(role.pid);
  const metrics = await metricsOf(role);
  const held = sumOf(metrics, 'watchkeeper_state_keys');
  if (held !== sessions) throw new Error(`${held} of ${sessions} sessions were taken over`);
  return {
    cpuSeconds: tenths(used),
    heapMegabytes: Math.round(sumOf(metrics, 'nodejs_heap_size_used_bytes') / BYTES_PER_MIB),
    residentMegabytes: Math.round(residentMbOf(role)),
  };
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
