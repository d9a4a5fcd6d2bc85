// kill -9 of ClickHouse, a while without it, and its start on what it left.

import { sleep } from '@watchkeeper/runtime';
import type { Injector } from './injector.js';

export const killClickHouse: Injector = {
  kind: 'kill-clickhouse',
  resource: () => 'clickhouse',
  async inject({ clickhouse, signal }, fault) {
    const before = clickhouse.pid;
    await clickhouse.kill();
    await sleep(fault.holdSeconds * 1_000, signal);
    await clickhouse.restart();
    return {
      proof: clickhouse.pid === before ? undefined : `process ${before} is gone, ${clickhouse.pid} answers`,
      endedMs: performance.now(),
    };
  },
};
