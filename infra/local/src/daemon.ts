// Starts a backend once, as a process of its own, and finds it again: state file, lock, probe.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startFailed } from './errors.js';
import { isRecord, readJson, writeJson } from './json-file.js';
import { withLock } from './lock.js';
import { freePort } from './ports.js';
import { identify, isAlive, signal, type ProcessIdentity } from './process-identity.js';

/** Says one line about what takes long. */
export type Log = (line: string) => void;

/** A program to run, and what it needs to be told. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A backend that this package can start, find and stop. */
export interface Daemon {
  /** For people: "Kafka". */
  readonly name: string;
  /** Its folder: data, state.json, the log. */
  readonly dir: string;
  readonly preferredPort: number;
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
  /** Makes ready what the program needs (jars, settings) and says how to run it on this port. */
  prepare(port: number, log: Log): Promise<Launch>;
  /** True if our own backend, not a stranger, answers on this port. */
  answers(port: number): Promise<boolean>;
}

/** What is known of a backend that was started. */
export interface DaemonState extends ProcessIdentity {
  readonly port: number;
  /** ISO 8601, for people. */
  readonly startTime: string;
}

/** A running backend; `started` is false if it ran already. */
export interface Running {
  readonly port: number;
  readonly pid: number;
  readonly started: boolean;
}

const attempts = 3;
const pollMs = 100;

/**
 * The running backend of this folder: found again, or started on the data that is there.
 *
 * Two callers at once end with one process. The port is the one used before where it is free.
 *
 * @throws WK_LOCAL_START with the end of the backend's log; whatever prepare throws.
 */
export async function ensureDaemon(daemon: Daemon, log: Log): Promise<Running> {
  const found = await findRunning(daemon);
  if (found) return found;
  mkdirSync(daemon.dir, { recursive: true });
  // Whoever waits here waits for a start, so for as long as a start with all its attempts may take, and a download.
  return withLock(join(daemon.dir, 'start.lock'), attempts * daemon.startTimeoutMs + 300_000, async () => {
    const running = await findRunning(daemon);
    if (running) return running;
    const before = readState(daemon.dir);
    // Alive and silent: it starts, stops or hangs. It holds the data, so it must be gone before another opens it.
    if (before && isAlive(before) && !(await answersWithin(daemon, before, daemon.startTimeoutMs)))
      await end(before, daemon.stopTimeoutMs);
    else if (before && isAlive(before)) return { port: before.port, pid: before.pid, started: false };
    return start(daemon, before?.port, log);
  });
}

/** The backend's state if it runs and answers. */
export async function findRunning(daemon: Daemon): Promise<Running | undefined> {
  const state = readState(daemon.dir);
  if (!state || !isAlive(state) || !(await daemon.answers(state.port))) return undefined;
  return { port: state.port, pid: state.pid, started: false };
}

/** Ends what the folder's state names: SIGTERM, then SIGKILL after the deadline. True if there was something to end. */
export async function stopDaemon(dir: string, stopTimeoutMs: number): Promise<boolean> {
  if (!existsSync(dir)) return false;
  return withLock(join(dir, 'start.lock'), stopTimeoutMs + 300_000, async () => {
    const state = readState(dir);
    return state !== undefined && end(state, stopTimeoutMs);
  });
}

/** What the folder remembers of its backend, alive or not. */
export function readState(dir: string): DaemonState | undefined {
  const value = readJson(join(dir, 'state.json'));
  if (!isRecord(value)) return undefined;
  const { pid, begun, port, startTime } = value;
  if (typeof pid !== 'number' || typeof begun !== 'string' || typeof port !== 'number' || typeof startTime !== 'string')
    return undefined;
  return { pid, begun, port, startTime };
}

async function start(daemon: Daemon, lastPort: number | undefined, log: Log): Promise<Running> {
  const logFile = join(daemon.dir, 'output.log');
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    // A port can be taken between our look and the backend's: the second attempt asks for any free one.
    const port =
      attempt === 1
        ? await freePort(...(lastPort === undefined ? [] : [lastPort]), daemon.preferredPort)
        : await freePort();
    const launch = await daemon.prepare(port, log);
    const identity = launchDetached(launch, logFile, attempt === 1 ? 'w' : 'a');
    if (!identity) continue;
    const state: DaemonState = { ...identity, port, startTime: new Date().toISOString() };
    writeJson(join(daemon.dir, 'state.json'), state);
    if (await answersWithin(daemon, state, daemon.startTimeoutMs)) return { port, pid: state.pid, started: true };
    await end(state, daemon.stopTimeoutMs);
  }
  throw startFailed(daemon.name, logFile, lastLines(logFile));
}

/** Detached (its own session, by setsid): a terminal's Ctrl-C reaches only the foreground group. */
function launchDetached(launch: Launch, logFile: string, flags: 'w' | 'a'): ProcessIdentity | undefined {
  const output = openSync(logFile, flags);
  try {
    const child = spawn(launch.command, launch.args, {
      detached: true,
      stdio: ['ignore', output, output],
      env: launch.env ?? process.env,
    });
    child.on('error', () => undefined);
    child.unref();
    return child.pid === undefined ? undefined : identify(child.pid);
  } finally {
    closeSync(output);
  }
}

async function answersWithin(daemon: Daemon, state: DaemonState, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(state) && Date.now() < deadline) {
    if (await daemon.answers(state.port)) return true;
    await delay(pollMs);
  }
  return false;
}

async function end(identity: ProcessIdentity, stopTimeoutMs: number): Promise<boolean> {
  if (!signal(identity, 'SIGTERM')) return false;
  const deadline = Date.now() + stopTimeoutMs;
  while (isAlive(identity)) {
    if (Date.now() > deadline) signal(identity, 'SIGKILL');
    await delay(pollMs);
  }
  return true;
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' | ').slice(-600);
  } catch {
    return '';
  }
}

/** Removes a stopped backend's folder with all its data. */
export function removeFolder(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}
