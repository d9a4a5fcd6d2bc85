// watchkeeper bench: the figures of the README, measured again.

import { badOption, interrupted } from '../errors.js';
import { endSoon, untilStopped } from '../stack/signals.js';
import { drain } from './drain.js';
import { landing } from './landing.js';
import { latency } from './latency.js';
import { micro } from './micro.js';
import { drainFaults, drainText, landingFaults, landingText, latencyText, microText, restoreText } from './report.js';
import { restore } from './restore.js';
import { soakFaults, soakText } from '../soak/report.js';
import { soak, type SoakOptions } from '../soak/soak.js';
import { closeBench, openBench, type Bench } from './place.js';

export interface BenchFlags {
  readonly events: string;
  readonly only?: string;
  readonly minutes: string;
  readonly rate?: string;
  readonly sessions: string;
  readonly json?: boolean;
  readonly profile?: string;
  readonly dataDir: string;
}

/** How much of everything. */
interface Amounts {
  readonly events: number;
  /** Of a steady load; undefined: as each part has it. */
  readonly eventsPerSecond: number | undefined;
  readonly soak: Omit<SoakOptions, 'eventsPerSecond'>;
}

interface Part {
  readonly run: (bench: Bench, amounts: Amounts) => Promise<unknown>;
  /** Why the run failed, a sentence each. */
  readonly faults: (result: never) => readonly string[];
  readonly text: (result: never) => string;
}

function part<R>(made: {
  run: (bench: Bench, amounts: Amounts) => Promise<R>;
  faults: (result: R) => readonly string[];
  text: (result: R) => string;
}): Part {
  return made;
}

const LATENCY_RATE = 5_000;
const SOAK_RATE = 7_500;

const PARTS: Readonly<Record<string, Part>> = {
  drain: part({ run: (bench, { events }) => drain(bench, events), faults: drainFaults, text: drainText }),
  latency: part({
    run: (bench, { events, eventsPerSecond = LATENCY_RATE }) => latency(bench, events, eventsPerSecond),
    faults: () => [],
    text: latencyText,
  }),
  landing: part({ run: (bench, { events }) => landing(bench, events), faults: landingFaults, text: landingText }),
  micro: part({ run: (bench, { events }) => micro(bench, events), faults: () => [], text: microText }),
  restore: part({ run: (bench, { events }) => restore(bench, events), faults: () => [], text: restoreText }),
  soak: part({
    run: (bench, { soak: options, eventsPerSecond = SOAK_RATE }) => soak(bench, { ...options, eventsPerSecond }),
    faults: soakFaults,
    text: soakText,
  }),
};
/** `restore` writes a million states first, and `soak` lasts: each takes longer than these together. */
const USUAL = ['drain', 'latency', 'landing', 'micro'];

/** Runs the parts asked for; exit 1 where a result is wrong (not where it is slow). */
export async function bench(flags: BenchFlags): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const events = Number(flags.events);
  if (!Number.isSafeInteger(events) || events < 1) throw badOption('--events', flags.events, 'a number of events');
  const amounts = {
    events,
    eventsPerSecond: flags.rate === undefined ? undefined : positive('--rate', flags.rate),
    soak: {
      minutes: positive('--minutes', flags.minutes),
      liveSessions: positive('--sessions', flags.sessions),
    },
  };
  const names = flags.only === undefined ? USUAL : flags.only.split(',');
  for (const name of names)
    if (PARTS[name] === undefined) throw badOption('--only', name, `any of ${Object.keys(PARTS).join(', ')}`);
  const opened = await openBench({ dataDir: flags.dataDir, profileDir: flags.profile, say });
  const stopped = untilStopped().then(() => {
    throw interrupted();
  });
  const results: Record<string, unknown> = {};
  const faults: string[] = [];
  try {
    for (const name of names) {
      const made = PARTS[name];
      if (!made) continue;
      const result = await Promise.race([made.run(opened, amounts), stopped]);
      results[name] = result;
      faults.push(...made.faults(result as never));
      if (flags.json !== true) process.stdout.write(made.text(result as never));
    }
  } finally {
    await closeBench(opened);
    endSoon();
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ ...results, faults }, null, 2)}\n`);
  for (const fault of faults) say(fault);
  if (faults.length > 0) process.exitCode = 1;
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw badOption(option, text, 'a number above 0');
  return value;
}
