// Connections to the broker that end, answer nothing, or take their time.

import { sleep } from '@watchkeeper/runtime';
import { hitNow, type Injector } from './injector.js';

const CUT_EVERY_MS = 400;

/** Where nobody is connected, for the broker was killed a moment ago, it waits so much longer for somebody. */
const PATIENCE_MS = 15_000;

/** Ended again and again; or, in turn, requests that arrive and answers that do not, and then the end. */
export const kafkaCut: Injector = {
  kind: 'kafka-cut',
  resource: () => 'kafka connections',
  async inject({ kafkaGate, signal }, { holdSeconds, turn }) {
    const untilMs = performance.now() + holdSeconds * 1_000;
    let connections = 0;
    if (turn % 2 === 0) {
      const isOver = (): boolean => performance.now() > untilMs + (connections > 0 ? 0 : PATIENCE_MS);
      while (!isOver() && !signal.aborted) {
        connections += kafkaGate.cut();
        await sleep(CUT_EVERY_MS, signal);
      }
      return hitNow(connections, 'connections cut');
    }
    const before = kafkaGate.touchedBytes;
    kafkaGate.weather.mute = true;
    await sleep(holdSeconds * 1_000, signal);
    connections = kafkaGate.cut();
    kafkaGate.weather.mute = false;
    return hitNow(kafkaGate.touchedBytes - before, `bytes of answers lost, ${connections} connections cut`);
  },
};

const DELAYS_MS = [150, 400, 1_000, 2_500];

export const kafkaDelayed: Injector = {
  kind: 'kafka-delayed',
  resource: () => 'kafka connections',
  async inject({ kafkaGate, signal }, { holdSeconds, turn }) {
    const before = kafkaGate.touchedBytes;
    const delayMs = DELAYS_MS[turn % DELAYS_MS.length] ?? 0;
    kafkaGate.weather.delayMs = delayMs;
    await sleep(holdSeconds * 1_000, signal);
    kafkaGate.weather.delayMs = 0;
    return hitNow(kafkaGate.touchedBytes - before, `bytes came ${delayMs} ms late`);
  },
};
