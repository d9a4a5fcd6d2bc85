// The load that it must hold: an even rate for long, a burst, one key with half of it, many sessions, many tenants.

import { sleep } from '@watchkeeper/runtime';
import type { Ledger } from '@watchkeeper/scheduler';
import { perMillion, startCpu, type CpuUse } from '../bench/cpu.js';
import { passed } from '../bench/drain.js';
import { nameOf, type Bench } from '../bench/place.js';
import { ledgerAt } from '../commands/doctor.js';
import { waitFor } from '../stack/wait.js';
import type { Load, Pace } from './load.js';
import type { Shape } from './looped-fleet.js';
import { manySessions, type ManySessions } from './many-sessions.js';
import type { Look, ProcessLook, Pulse } from './pulse.js';
import { courseOf, floorOf, type Course } from './trend.js';
import { underLoad, type UnderLoad } from './under-load.js';

export interface SoakOptions {
  readonly minutes: number;
  readonly eventsPerSecond: number;
  readonly liveSessions: number;
}

/** An even rate. */
export interface Even {
  readonly minutes: number;
  /** Moments at which everything was looked at, once warm. */
  readonly looks: number;
  /** As sent: the bench itself may be the slowest. */
  readonly eventsPerSecond: number;
  readonly lag: Course;
  readonly highestLag: number;
  /** By process: objects and buffers after collections. */
  readonly usedMb: Readonly<Record<string, Course>>;
  /** Resident, which grows for minutes while the engine makes room for what is young. */
  readonly memoryMb: Readonly<Record<string, Course>>;
  readonly handles: Readonly<Record<string, Course>>;
  readonly cpuPerMillion: CpuUse;
}

/** Something out of the ordinary, after which the even rate goes on. */
export interface Bout {
  readonly eventsPerSecond: number;
  readonly seconds: number;
  readonly highestLag: number;
  /** From its end until the lag was what it is at the even rate; null: not within ten minutes. */
  readonly backAfterSeconds: number | null;
}

export interface SoakResult {
  readonly sessions: ManySessions;
  readonly even: Even;
  readonly bouts: Readonly<Record<string, Bout>>;
  readonly sent: number;
  readonly ledger: Pick<Ledger, 'gaps' | 'duplicates'>;
}

/** Start-up and the warming of code and caches are no leak. */
const WARM_SHARE = 0.25;
/** Above the highest lag of the even rate (or a second of it, where that is more) by so much, it is back. */
const BACK_MARGIN = 1.25;
const BACK_MS = 600_000;
const BURST_FACTOR = 10;
const BURST_SECONDS = 10;
const BOUT_SECONDS = 45;
const TENANTS = 1_000;
/** What comes and goes: a slow fetch, a cache, a connection. */
const SOME_SECONDS = 5;
const LITTLE_MB = 10;
/** Three halves of 64 MB (see role-processes.ts) are taken bit by bit. */
const NURSERY_MB = 192;
/** Young garbage is collected several times in it. */
const FLOOR_SECONDS = 30;
const FEW_HANDLES = 10;

const asItIs: Shape = (event) => event;

/** Every second event is one endless session's. */
const oneSession: Shape = (event, n) =>
  n % 2 === 0 ? event : { ...event, tenant_id: 'hot', session_id: 'hot', agent_id: 'hot', seq: (n - 1) / 2 };

/** The tenant goes by the session, so that a session has one. */
const manyTenants: Shape = (event) => {
  const tenant = Number.parseInt(event.session_id.slice(2, 10), 16) % TENANTS;
  return { ...event, tenant_id: `tenant-${tenant}` };
};

/** The sessions have a place of their own: memory that they made room for would hide a leak. Throws WK_DRAIN_TIMEOUT, WK_BENCH_NOT_LANDED, WK_ROLE_ENDED. */
export async function soak(bench: Bench, options: SoakOptions): Promise<SoakResult> {
  const { minutes, eventsPerSecond, liveSessions } = options;
  const plain: Pace = { eventsPerSecond, shape: asItIs };
  bench.say(`${liveSessions} sessions at once …`);
  const sessions = await underLoad(bench, 'sessions', eventsPerSecond, ({ load, pulse }) =>
    manySessions(load, pulse, liveSessions),
  );
  // The meter knows a session for so long after its last event: filled within the warm-up, or its filling would look like a leak.
  const env = { METER_SESSION_IDLE_MS: String(Math.max(1_000, Math.round(minutes * 60_000 * WARM_SHARE * 0.5))) };
  const work = async (under: UnderLoad): Promise<SoakResult> => {
    bench.say(`${eventsPerSecond} events a second for ${minutes} minutes …`);
    const even = await evenly(bench, under, minutes, plain);
    const bouts: Record<string, Bout> = {};
    const bout = async (name: string, seconds: number, pace: Pace): Promise<void> => {
      bench.say(`${name} …`);
      bouts[name] = await boutOf(under, {
        seconds,
        pace,
        plain,
        lagBound: Math.max(eventsPerSecond, even.highestLag) * BACK_MARGIN,
      });
    };
    await bout('ten times the rate', BURST_SECONDS, { ...plain, eventsPerSecond: eventsPerSecond * BURST_FACTOR });
    await bout('one session with half of it', BOUT_SECONDS, { ...plain, shape: oneSession });
    await bout(`${TENANTS} tenants`, BOUT_SECONDS, { ...plain, shape: manyTenants });
    under.load.stop();
    bench.say('Waiting until all has passed …');
    const ranges = await under.site.admin.ranges('agent.events');
    await passed(
      bench,
      under.site,
      ranges.reduce((sum, { begin, end }) => sum + end - begin, 0),
    );
    const { gaps, duplicates } = await ledgerAt(bench.backends, under.site.place);
    return { sessions, even, bouts, sent: under.load.sent, ledger: { gaps, duplicates } };
  };
  return underLoad(bench, 'soak', eventsPerSecond, work, env);
}

async function evenly(bench: Bench, { load, pulse, roles }: UnderLoad, minutes: number, pace: Pace): Promise<Even> {
  const cpu = startCpu({ ...bench.pids, ...roles.pids });
  const fromSeconds = pulse.looks.at(-1)?.seconds ?? 0;
  load.pace = pace;
  await sleep(minutes * 60_000);
  const warm = pulse.looks.filter(({ seconds }) => seconds >= fromSeconds + minutes * 60 * WARM_SHARE);
  const course = (of: (look: Look) => number | undefined, leastRise: number, floorSeconds = 0): Course => {
    const points = warm.map((look) => ({ seconds: look.seconds, value: of(look) ?? 0 }));
    return courseOf(floorSeconds > 0 ? floorOf(points, floorSeconds) : points, leastRise);
  };
  const each = (of: (one: ProcessLook) => number, leastRise: number, floorSeconds = 0): Record<string, Course> =>
    Object.fromEntries(
      roles.processes.map(nameOf).map((name) => {
        const ofName = ({ processes: { [name]: one } }: Look): number | undefined => one && of(one);
        return [name, course(ofName, leastRise, floorSeconds)];
      }),
    );
  return {
    minutes,
    looks: warm.length,
    eventsPerSecond: Math.round(load.sent / minutes / 60),
    lag: course(({ lag }) => lag, pace.eventsPerSecond * SOME_SECONDS),
    highestLag: highest(warm),
    usedMb: each(({ usedMb }) => usedMb, LITTLE_MB, FLOOR_SECONDS),
    memoryMb: each(({ memoryMb }) => memoryMb, NURSERY_MB),
    handles: each(({ handles }) => handles, FEW_HANDLES),
    cpuPerMillion: perMillion(cpu(), load.sent),
  };
}

async function boutOf(
  { load, pulse }: { load: Load; pulse: Pulse },
  { seconds, pace, plain, lagBound }: { seconds: number; pace: Pace; plain: Pace; lagBound: number },
): Promise<Bout> {
  const before = { sent: load.sent, looks: pulse.looks.length };
  load.pace = pace;
  await sleep(seconds * 1_000);
  const sent = load.sent - before.sent;
  load.pace = plain;
  const endedMs = performance.now();
  // One look may be under way.
  const from = pulse.looks.length + 1;
  const isBack = (): boolean => pulse.looks.slice(from).some(({ lag }) => lag <= lagBound);
  const cameBack = await waitFor(isBack, BACK_MS);
  return {
    eventsPerSecond: Math.round(sent / seconds),
    seconds,
    highestLag: highest(pulse.looks.slice(before.looks)),
    backAfterSeconds: cameBack ? Math.round((performance.now() - endedMs) / 1_000) : null,
  };
}

function highest(looks: readonly Look[]): number {
  return Math.max(0, ...looks.map(({ lag }) => lag));
}
