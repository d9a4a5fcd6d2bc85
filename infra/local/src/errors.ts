// Every error this package raises, each with its code and the sentence a person reads.
import { WatchkeeperError } from '@watchkeeper/schemas';

const otherWay = 'or set KAFKA_BROKERS to a Kafka that runs elsewhere';

/** Java is absent or older than Kafka 4 can run on. */
export const javaMissing = (found: string): WatchkeeperError =>
  new WatchkeeperError(
    'WK_LOCAL_JAVA',
    `The local Kafka needs Java 17 or newer and found ${found}: install it (Debian: openjdk-17-jre-headless), ${otherWay}.`,
    { exitCode: 3 },
  );

/** Maven is absent, and the jars have not been fetched yet. */
export const mavenMissing = (what: string): WatchkeeperError =>
  new WatchkeeperError(
    'WK_LOCAL_MAVEN',
    `${what} is fetched once by Maven, and mvn was not found: install it (Debian: maven), ${otherWay}.`,
    { exitCode: 3 },
  );

/** Maven ran and did not bring what was asked for. */
export const mavenFailed = (what: string, output: string, cause: unknown): WatchkeeperError =>
  new WatchkeeperError(
    'WK_LOCAL_FETCH',
    `Maven could not fetch ${what}: ${output}. Check the network and Maven's settings, and start again.`,
    { cause, exitCode: 3 },
  );

/** A backend did not answer within its start time. */
export const startFailed = (name: string, logFile: string, tail: string): WatchkeeperError =>
  new WatchkeeperError(
    'WK_LOCAL_START',
    `The local ${name} did not start: ${tail || 'it wrote nothing'}. Its log is ${logFile}.`,
    { exitCode: 3 },
  );

/** A lock stayed held for longer than any start takes. */
export const lockTimeout = (file: string, waitedMs: number): WatchkeeperError =>
  new WatchkeeperError(
    'WK_LOCAL_LOCK',
    `Another process has held ${file} for ${waitedMs / 1000} s: wait for it, or end it and start again.`,
    { exitCode: 3 },
  );

/** The chDB server is run from compiled code, which is absent. */
export const notBuilt = (): WatchkeeperError =>
  new WatchkeeperError(
    'WK_LOCAL_NOT_BUILT',
    'The local ClickHouse server is not built: run `npx tsc -b infra/local` first.',
  );
