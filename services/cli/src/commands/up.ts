// watchkeeper up: backends and every role, until Ctrl-C.

import { shownUrl } from '@watchkeeper/runtime';
import { stopLocalBackends } from '@watchkeeper/local';
import { processEnded, stackRuns } from '../errors.js';
import { placeOf } from '../stack/environment.js';
import { startStack } from '../stack/stack.js';
import { claimStack, releaseStack, stackOwner } from '../stack/stack-file.js';
import { untilStopped } from '../stack/signals.js';

/** Resolves when it was told to stop and has stopped. Throws WK_STACK_RUNS, or what ended a role. */
export async function up(dataDir: string): Promise<void> {
  if (!claimStack(dataDir)) throw stackRuns(stackOwner(dataDir) ?? 0);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const stopped = untilStopped();
  try {
    const stack = await startStack(process.env, dataDir, placeOf(process.env), say);
    say(
      `All roles are at work. Kafka: ${stack.backends.brokers}  ClickHouse: ${shownUrl(stack.backends.clickhouseUrl)}  (Ctrl-C stops them)`,
    );
    const ended = await Promise.race([stopped, stack.firstEnd]);
    await stack.stop();
    if (ended) throw processEnded(ended.roles, (await ended.ended) ?? null, null, ended.logFile);
  } finally {
    await stopLocalBackends({ dataDir });
    releaseStack(dataDir);
  }
}
