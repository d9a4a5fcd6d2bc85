// watchkeeper up: backends and, unless told otherwise, every role, until Ctrl-C.

import { shownUrl } from '@watchkeeper/runtime';
import { stopLocalBackends } from '@watchkeeper/local';
import { processEnded, stackRuns } from '../errors.js';
import { placeOf } from '../stack/environment.js';
import { startStack } from '../stack/stack.js';
import { claimStack, releaseStack, stackOwner } from '../stack/stack-file.js';
import { untilStopped } from '../stack/signals.js';

/** Resolves when it was told to stop and has stopped. Throws WK_STACK_RUNS, or what ended a role. */
export async function up(dataDir: string, { roles }: { roles: boolean }): Promise<void> {
  if (!claimStack(dataDir)) throw stackRuns(stackOwner(dataDir) ?? 0);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const stopped = untilStopped();
  // Waiting for a signal keeps no process alive; role processes do.
  const alive = setInterval(() => undefined, 60_000);
  try {
    const stack = await startStack(process.env, dataDir, placeOf(process.env), say, roles ? undefined : []);
    say(
      `${roles ? 'All roles are at work.' : 'The backends are at work, and no role.'} Kafka: ${stack.backends.brokers}  ClickHouse: ${shownUrl(stack.backends.clickhouseUrl)}  (Ctrl-C stops all of it)`,
    );
    const ended = await Promise.race([stopped, stack.firstEnd]);
    await stack.stop();
    if (ended) throw processEnded(ended.roles, (await ended.ended) ?? null, null, ended.logFile);
  } finally {
    clearInterval(alive);
    await stopLocalBackends({ dataDir });
    releaseStack(dataDir);
  }
}
