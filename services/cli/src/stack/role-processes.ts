// Roles as child processes of a stack: started in groups, ready when they say so, stopped with their parent.

import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processEnded, roleNotReady } from '../errors.js';

/** What `watchkeeper run` tells its parent over the IPC channel. */
export interface RoleMessage {
  readonly kind: 'ready';
  readonly httpPort: number | undefined;
}

export interface RoleProcess {
  readonly roles: readonly string[];
  readonly pid: number;
  readonly httpPort: number | undefined;
  readonly logFile: string;
  /** Resolves when the process has ended; code undefined where a signal ended it. */
  readonly ended: Promise<number | undefined>;
  stop(): Promise<void>;
}

const bin = fileURLToPath(new URL('../../bin/watchkeeper.js', import.meta.url));
// A role's garbage is young: records of a fetch that live until their batch is done. V8's 16 MB nursery copies them again and again.
const NODE_OPTIONS = ['--max-semi-space-size=64'];
/** Ready is a role that has taken over its state, and a million sessions take half a minute. */
const READY_DEADLINE_MS = 180_000;
const STOP_DEADLINE_MS = 27_000;

/** Starts `watchkeeper run <roles>` and resolves when it is ready. Throws WK_ROLE_NOT_READY with where its log lies. */
export async function startRoles(
  roles: readonly string[],
  env: Readonly<Record<string, string>>,
  dataDir: string,
  nodeOptions: readonly string[] = [],
): Promise<RoleProcess> {
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, `${roles.join('+')}.log`);
  const log = openSync(logFile, 'a');
  const child = fork(bin, ['run', ...roles], {
    env: { ...process.env, ...env },
    execArgv: [...NODE_OPTIONS, ...nodeOptions],
    // A group of its own: Ctrl-C reaches the parent alone, which then stops its children in order.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const ended = new Promise<number | undefined>((resolve) => child.once('exit', (code) => resolve(code ?? undefined)));
  const ready = await firstMessage(child, roles, logFile);
  return {
    roles,
    pid: child.pid ?? -1,
    httpPort: ready.httpPort,
    logFile,
    ended,
    stop: () => stopChild(child, ended),
  };
}

async function firstMessage(child: ChildProcess, roles: readonly string[], logFile: string): Promise<RoleMessage> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      reject(roleNotReady(roles, READY_DEADLINE_MS, logFile));
    }, READY_DEADLINE_MS);
    child.once('message', (message) => {
      clearTimeout(deadline);
      resolve(message as RoleMessage);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(deadline);
      reject(processEnded(roles, code, signal, logFile));
    });
  });
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await ended;
  clearTimeout(force);
}
