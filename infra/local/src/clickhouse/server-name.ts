// The name by which a client tells one data folder's server from any other.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';

/** Sent as X-ClickHouse-Server-Display-Name. The folder must exist. */
export function serverName(dir: string): string {
  return `watchkeeper-${createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 16)}`;
}
