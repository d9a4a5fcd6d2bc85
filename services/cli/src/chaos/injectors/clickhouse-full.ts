// No room on ClickHouse's disk.

import { hitNow, holdUntilHit, type Injector } from './injector.js';

/** As config.d/free-space.xml has it: the engine refuses what would leave less, and finishes what it has begun. */
const KEPT_FREE_BYTES = 256 << 20;
/** No room for any part; or, in turn, for a block's rows and not for what its views make of them (a part reserves 1 MiB). */
const LEFT_BYTES = [KEPT_FREE_BYTES / 2, KEPT_FREE_BYTES + (1 << 20) + (160 << 10)];

export const clickhouseFull: Injector = {
  kind: 'clickhouse-full',
  resource: () => 'clickhouse requests',
  unavailable: ({ disk }) => (typeof disk === 'string' ? disk : undefined),
  async inject({ clickhouseGate, disk }, fault) {
    if (typeof disk === 'string') return hitNow(0, disk);
    let hits = 0;
    clickhouseGate.behave = async (exchange) => {
      const { status, text } = await exchange.pass();
      if (exchange.isInsert && status >= 400 && /space/i.test(text)) hits++;
    };
    await disk.fill(LEFT_BYTES[fault.turn % LEFT_BYTES.length] ?? 0);
    try {
      await holdUntilHit(fault, () => hits);
    } finally {
      await disk.widen();
      clickhouseGate.behave = undefined;
    }
    return hitNow(hits, 'inserts failed for want of space');
  },
};
