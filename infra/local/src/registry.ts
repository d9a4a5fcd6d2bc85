// A real schema registry (Apicurio) for tests: in memory, one process, gone when stopped.
import { execFile, spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Log } from './daemon.js';
import { startFailed } from './errors.js';
import { fetchOnce, findJava, sharedCacheDir } from './java.js';
import { freePort } from './ports.js';

const run = promisify(execFile);
// The last line that runs on Java 17.
const version = '3.0.9';
const startTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;

/** A registry that answers. */
export interface RunningRegistry {
  /** As SCHEMA_REGISTRY_URL: Confluent's REST paths (`/subjects`, `/schemas/ids/1`) begin here. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an empty registry on a free port of the loopback address.
 *
 * @param options.cacheDir where its jars (109 MB, fetched once by Maven) lie; the shared folder by default.
 * @throws WK_LOCAL_JAVA, WK_LOCAL_MAVEN, WK_LOCAL_FETCH, WK_LOCAL_START.
 */
export async function startRegistry(options: { cacheDir?: string; log?: Log } = {}): Promise<RunningRegistry> {
  const java = await findJava();
  const folder = await fetchRegistry(options.cacheDir ?? sharedCacheDir(), options.log ?? (() => undefined));
  const port = await freePort();
  const jar = readdirSync(folder).find((name) => name.endsWith('-runner.jar')) ?? 'runner.jar';
  const child = spawn(
    java,
    [
      '-Xmx512m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      `-Dquarkus.http.port=${port}`,
      '-Dquarkus.http.host=127.0.0.1',
      '-Dapicurio.storage.kind=sql',
      '-jar',
      join(folder, jar),
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const over = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', killAtExit);
    child.kill('SIGTERM');
    await Promise.race([over, delay(stopTimeoutMs, undefined, { ref: false }).then(() => void child.kill('SIGKILL'))]);
    await over;
  };
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const deadline = Date.now() + startTimeoutMs;
  while (child.exitCode === null && Date.now() < deadline) {
    if (await answers(url)) return { url, stop };
    await delay(100);
  }
  await stop();
  throw startFailed('schema registry', join(folder, jar), `nothing answered on port ${port}`);
}

function fetchRegistry(cacheDir: string, log: Log): Promise<string> {
  const artifact = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`;
  return fetchOnce(
    {
      name: `registry-${version}`,
      what: `the schema registry ${version}`,
      cacheDir,
      fallbackDir: join(tmpdir(), 'watchkeeper'),
      log,
    },
    (target) => ['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${target}`],
    async (target) => {
      const archive = readdirSync(target).find((name) => name.endsWith('.tar.gz')) ?? '';
      await run('tar', ['-xzf', join(target, archive), '-C', target]);
      rmSync(join(target, archive));
    },
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
