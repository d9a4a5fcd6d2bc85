// watchkeeper chaos: a fleet under way, faults by a seeded plan, and whether everything is there, once, at the end.

import { systemClock, type LogAdmin } from '@watchkeeper/runtime';
import { CONSUMERS } from '../demo/drain.js';
import { badOption, drainTimedOut, interrupted } from '../errors.js';
import { history, simulate, type FleetOptions } from '../simulate/index.js';
import { withEventSource } from '../stack/event-source.js';
import { logAt } from '../stack/log.js';
import { stopSignal } from '../stack/signals.js';
import { waitFor } from '../stack/wait.js';
import { INJECTORS } from './injectors/index.js';
import { watchLag } from './lag-watch.js';
import { FAULT_KINDS, planFaults, type FaultKind } from './plan.js';
import { chaosText, reportOf, type ChaosReport } from './report.js';
import { withRig } from './rig.js';
import { strikeAll } from './strike.js';
import { verdictFaults, verdictOf } from './verdict.js';
import { WEAKENINGS } from './weakened/index.js';

export interface ChaosOptions {
  readonly dataDir: string;
  readonly seed: string;
  /** Of load; starting, draining and comparing come on top. */
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly spacingSeconds: number;
  /** Before the first fault: what lag is to come back to. */
  readonly quietSeconds: number;
  readonly kinds: readonly FaultKind[];
  readonly groups: readonly (readonly string[])[];
  /** A name in WEAKENINGS: the run must then find damage. */
  readonly without?: string | undefined;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface ChaosFlags {
  readonly seed: string;
  readonly minutes: string;
  readonly rate: string;
  readonly spacing: string;
  readonly only?: string;
  readonly without?: string;
  readonly json?: boolean;
  readonly dataDir: string;
}

const QUIET_SECONDS = 20;
const DRAIN_DEADLINE_MS = 600_000;
const AGENTS = 120;
/** Fleet time is pressed: anomalies need hours of it. */
const LEAST_FLEET_HOURS = 12;
const FLEET_HOURS_PER_SECOND = 12 / 1_800;

/** Two of everything, so that partitions have somewhere to go and a zombie has a successor. */
export const GROUPS: readonly (readonly string[])[] = [
  ['landing'],
  ['loop-detector', 'drift-detector'],
  ['meter', 'anomaly-detector'],
  ['landing', 'scheduler'],
  ['drift-detector', 'loop-detector'],
  ['anomaly-detector', 'meter'],
];

/** A client whose broker was killed under it may look for it for ever. */
const LINGER_MS = 2_000;

/** Runs it and prints what came of it; exit 1 where something is missing, twice, or different. */
export async function chaos(flags: ChaosFlags): Promise<void> {
  try {
    await printed(flags);
  } finally {
    setTimeout(() => process.exit(), LINGER_MS);
  }
}

async function printed(flags: ChaosFlags): Promise<void> {
  if (flags.without !== undefined && WEAKENINGS[flags.without] === undefined)
    throw badOption('--without', flags.without, `any of ${Object.keys(WEAKENINGS).join(', ')}`);
  const kinds = flags.only === undefined ? FAULT_KINDS : flags.only.split(',').map(kindNamed);
  const report = await runChaos({
    dataDir: flags.dataDir,
    seed: flags.seed,
    seconds: positive('--minutes', flags.minutes) * 60,
    eventsPerSecond: positive('--rate', flags.rate),
    spacingSeconds: positive('--spacing', flags.spacing),
    quietSeconds: QUIET_SECONDS,
    kinds,
    groups: GROUPS,
    without: flags.without,
    say: (line) => void process.stderr.write(`${line}\n`),
    signal: stopSignal(),
  });
  process.stdout.write(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : chaosText(report));
  if (verdictFaults(report).length > 0) process.exitCode = 1;
}

/** Everything from nothing to the report. Throws WK_DRAIN_TIMEOUT, WK_INTERRUPTED. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { say, seed, seconds } = options;
  const { signal = new AbortController().signal } = options;
  const weakening = options.without === undefined ? {} : (WEAKENINGS[options.without] ?? {});
  return withRig({ ...options, weakening }, async (rig) => {
    const skipped = new Map<FaultKind, string>();
    for (const kind of options.kinds) {
      const why = INJECTORS.get(kind)?.unavailable?.(rig);
      if (why !== undefined) skipped.set(kind, why);
    }
    for (const [kind, why] of skipped) say(`Leaving out ${kind}: ${why}`);
    const faults = planFaults({
      seed,
      fromSeconds: options.quietSeconds,
      toSeconds: seconds - 2,
      spacingSeconds: options.spacingSeconds,
      kinds: options.kinds.filter((kind) => !skipped.has(kind)),
    });
    const { brokers } = rig.backends;
    const admin = await logAt(brokers, rig.place).admin();
    const lag = watchLag(admin, options.eventsPerSecond);
    try {
      say(`${options.eventsPerSecond} events a second for ${seconds} s, and ${faults.length} faults …`);
      const { recoveries } = await withEventSource(brokers, rig.place, signal, async (source) => {
        const sending = simulate({ ...source, fleet: fleetOf(options), historySeconds: seconds, signal });
        setTimeout(() => lag.settle(), options.quietSeconds * 1_000).unref();
        const fullRig = { ...rig, producer: source.producer, signal };
        const striking = strikeAll({ rig: fullRig, faults, injectors: INJECTORS, lag, say });
        const [under] = await Promise.all([striking, sending]);
        return under;
      });
      if (signal.aborted) throw interrupted();
      say('All is sent, and every fault is over: waiting until all is landed and judged …');
      await drained(admin, signal);
      await lag.finish();
      await rig.keeper.stop();
      say('Re-reading the same logs undisturbed …');
      const verdict = await verdictOf(rig);
      return reportOf(
        {
          seed,
          seconds,
          eventsPerSecond: options.eventsPerSecond,
          faults,
          skipped,
          struck: await recoveries,
          unplannedEnds: rig.keeper.unplannedEnds,
        },
        verdict,
      );
    } finally {
      await lag.finish();
      await admin.close().catch(() => undefined);
    }
  });
}

function fleetOf({ seed, seconds, eventsPerSecond }: ChaosOptions): FleetOptions {
  const hours = Math.max(LEAST_FLEET_HOURS, seconds * FLEET_HOURS_PER_SECOND);
  const events = eventsPerSecond * seconds;
  return history({ seed, agents: AGENTS, hours, events, endMicros: systemClock.nowMicros() });
}

/** From the top down. */
const TOPICS = ['agent.events', 'agent.measures', 'agent.detections'];

/**
 * Resolves when every group has read all that the topics above have brought. Ends are taken topic by topic, for marks go on being written, and a
 * look that finds nobody behind at all would come by chance. Throws WK_DRAIN_TIMEOUT with what is held up.
 */
async function drained(admin: LogAdmin, signal: AbortSignal): Promise<void> {
  for (const topic of TOPICS) {
    const ends = await admin.ranges(topic);
    let held = '';
    const isRead = async (): Promise<boolean> => {
      if (signal.aborted) throw interrupted();
      held = '';
      for (const { group, topics } of CONSUMERS) {
        if (!topics.includes(topic)) continue;
        const committed = await admin.committed(group, topic);
        const behind = ends.reduce(
          (sum, { partition, begin, end }) => sum + Math.max(0, end - (committed.get(partition)?.offset ?? begin)),
          0,
        );
        if (behind > 0) held += `${group} is ${behind} records of ${topic} behind `;
      }
      return held === '';
    };
    if (!(await waitFor(isRead, DRAIN_DEADLINE_MS))) throw drainTimedOut(DRAIN_DEADLINE_MS, held.trim());
  }
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw badOption(option, text, 'a number above 0');
  return value;
}

function kindNamed(name: string): FaultKind {
  const kind = FAULT_KINDS.find((one) => one === name);
  if (kind === undefined) throw badOption('--only', name, `any of ${FAULT_KINDS.join(', ')}`);
  return kind;
}
