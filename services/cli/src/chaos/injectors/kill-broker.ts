// kill -9 of the broker, and its start on what it left.

import type { Injector } from './injector.js';

export const killBroker: Injector = {
  kind: 'kill-broker',
  resource: () => 'broker',
  async inject({ broker }) {
    const before = broker.pid;
    await broker.kill();
    await broker.restart();
    return {
      proof: broker.pid === before ? undefined : `process ${before} is gone, ${broker.pid} answers`,
      endedMs: performance.now(),
    };
  },
};
