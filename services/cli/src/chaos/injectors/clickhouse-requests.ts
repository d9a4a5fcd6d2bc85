// The faults that strike single requests on their way to ClickHouse or back; only what hit an insert counts, or all where nobody is there.

import { sleep } from '@watchkeeper/runtime';
import type { Exchange } from '../clickhouse-gate.js';
import type { Fault } from '../plan.js';
import { INSERT_TIMEOUT_MS } from '../rig.js';
import { hitNow, holdUntilHit, type Injector } from './injector.js';

/** Does something to a request; true where an insert was hit. */
type Strike = (exchange: Exchange, fault: Fault) => Promise<boolean>;

function striking(kind: Injector['kind'], what: string, strike: Strike): Injector {
  return {
    kind,
    resource: () => 'clickhouse requests',
    async inject({ clickhouseGate }, fault) {
      let hits = 0;
      clickhouseGate.behave = async (exchange) => {
        if (await strike(exchange, fault)) hits++;
      };
      await holdUntilHit(fault, () => hits);
      clickhouseGate.behave = undefined;
      return hitNow(hits, what);
    },
  };
}

/** Slow; and every other time so slow that nobody waits any more when the insert is done. */
export const clickhouseSlow = striking('clickhouse-slow', 'inserts waited', async (exchange, { turn }) => {
  if (!exchange.isInsert) {
    await sleep(300);
    await exchange.pass();
    return false;
  }
  const answer = await exchange.passLate(turn % 2 === 0 ? 1_500 : INSERT_TIMEOUT_MS + 1_000).catch(() => undefined);
  return answer === undefined || answer.status === 200;
});

/** Too busy for an insert, or nobody there for anything, in turn: a block that was tried in vain asks what is stored before it goes in again. */
export const clickhouseRefusing = striking('clickhouse-refusing', 'requests refused', async (exchange, { turn }) => {
  if (turn % 3 === 2) exchange.reset();
  else if (!exchange.isInsert) await exchange.pass();
  else if (turn % 3 === 0) exchange.answer(500, 202, 'Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)');
  else exchange.answer(500, 252, 'Too many parts in all data. (TOO_MANY_PARTS)');
  return turn % 3 === 2 || exchange.isInsert;
});

/** Done, and the connection ends before the answer. */
export const clickhouseAnswerLost = striking(
  'clickhouse-answer-lost',
  'inserts done without an answer',
  async (exchange) => {
    if (exchange.isInsert) return exchange.loseAnswer();
    await exchange.pass();
    return false;
  },
);

/** The connection ends in the middle of the rows. */
export const clickhouseCut = striking('clickhouse-cut', 'inserts broken off', async (exchange) => {
  if (exchange.isInsert) await exchange.breakOff();
  else await exchange.pass();
  return exchange.isInsert;
});
