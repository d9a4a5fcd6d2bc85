// watchkeeper down: stops what runs in the data folder, and with --purge deletes its data.

import { purge, stopLocalBackends } from '@watchkeeper/local';
import { stackOwner } from '../stack/stack-file.js';
import { waitFor } from '../stack/wait.js';

const STOP_DEADLINE_MS = 60_000;

export async function down(dataDir: string, deleteData: boolean): Promise<void> {
  const owner = stackOwner(dataDir);
  if (owner !== undefined && owner !== process.pid) {
    process.kill(owner, 'SIGTERM');
    await waitFor(() => stackOwner(dataDir) === undefined, STOP_DEADLINE_MS);
  }
  await stopLocalBackends({ dataDir });
  if (deleteData) await purge({ dataDir });
}
