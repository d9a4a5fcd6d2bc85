// Finds Java and Maven, and fetches what Maven can fetch, once, into a folder that every clone shares.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from './daemon.js';
import { javaMissing, mavenFailed, mavenMissing } from './errors.js';

const run = promisify(execFile);
const oldestJava = 17;

/**
 * The java to call, from JAVA_HOME or the PATH.
 *
 * @throws WK_LOCAL_JAVA if there is none, or one older than 17 (Kafka 4's floor for brokers, KIP-1013).
 */
export async function findJava(): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const command = home ? join(home, 'bin', 'java') : 'java';
  let text: string;
  try {
    text = (await run(command, ['-version'])).stderr;
  } catch {
    throw javaMissing('none');
  }
  const version = javaMajor(text);
  if (version !== undefined && version < oldestJava) throw javaMissing(`Java ${version}`);
  return command;
}

/** 17 from `openjdk version "17.0.15"`, 8 from `java version "1.8.0_292"`; undefined from anything else. */
export function javaMajor(versionText: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(versionText);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/**
 * A folder of fetched files: the shared one if it is there or can be made, else one beneath the fallback.
 *
 * Filled under another name and renamed when whole, so two fetchers at once cannot mix, and a broken download leaves nothing.
 *
 * @param maven makes Maven's arguments for a target folder.
 * @param unpack runs on the fetched folder before anyone can find it.
 * @throws WK_LOCAL_MAVEN without Maven, WK_LOCAL_FETCH when Maven fails.
 */
export async function fetchOnce(
  options: { name: string; what: string; cacheDir: string; fallbackDir: string; log: Log },
  maven: (target: string) => readonly string[],
  unpack: (target: string) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const shared = join(options.cacheDir, options.name);
  const own = join(options.fallbackDir, options.name);
  for (const folder of [shared, own]) if (existsSync(folder)) return folder;
  const folder = canWrite(options.cacheDir) ? shared : own;
  const unfinished = `${folder}.${randomBytes(6).toString('hex')}`;
  mkdirSync(unfinished, { recursive: true });
  options.log(`fetching ${options.what} by Maven, once`);
  try {
    // A home that cannot be written cannot hold Maven's own repository either.
    const repository = folder === own ? [`-Dmaven.repo.local=${join(options.fallbackDir, 'maven')}`] : [];
    await callMaven(options.what, ['-q', '-B', ...repository, ...maven(unfinished)]);
    await unpack(unfinished);
    try {
      renameSync(unfinished, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error; // another fetcher was faster, and its folder is whole
    }
    return folder;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Where fetched files of all clones lie by default. */
export function sharedCacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'watchkeeper');
}

async function callMaven(what: string, args: readonly string[]): Promise<void> {
  try {
    await run('mvn', args, { maxBuffer: 16 << 20 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw mavenMissing(what);
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const firstError = `${stdout}${stderr}`.split('\n').find((line) => line.includes('ERROR')) ?? 'it gave no reason';
    throw mavenFailed(what, firstError.slice(0, 400), error);
  }
}

function canWrite(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
