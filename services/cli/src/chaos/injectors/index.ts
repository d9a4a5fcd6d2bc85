// One injector for each kind.

import { clickhouseFull } from './clickhouse-full.js';
import { clickhouseAnswerLost, clickhouseCut, clickhouseRefusing, clickhouseSlow } from './clickhouse-requests.js';
import { clockJump } from './clock-jump.js';
import type { Injector } from './injector.js';
import { kafkaCut, kafkaDelayed } from './kafka-connections.js';
import { killBroker } from './kill-broker.js';
import { killClickHouse } from './kill-clickhouse.js';
import { killRole } from './kill-role.js';
import { poison } from './poison.js';
import { stopRole } from './stop-role.js';
import type { FaultKind } from '../plan.js';

export const INJECTORS: ReadonlyMap<FaultKind, Injector> = new Map(
  [
    killRole,
    stopRole,
    killBroker,
    killClickHouse,
    clickhouseSlow,
    clickhouseRefusing,
    clickhouseAnswerLost,
    clickhouseCut,
    clickhouseFull,
    kafkaCut,
    kafkaDelayed,
    poison,
    clockJump,
  ].map((injector) => [injector.kind, injector]),
);
