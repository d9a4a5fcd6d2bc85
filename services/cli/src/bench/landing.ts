// (c) Landing alone, beside the naive way and ClickHouse's Kafka engine, over the same log into tables of the same shape.

import { sleep } from '@watchkeeper/runtime';
import { openSql } from '../clickhouse.js';
import { migrateAt } from '../stack/database.js';
import { drainTimedOut } from '../errors.js';
import { quantile } from '../evaluate/statistics/quantile.js';
import { perMillion, startCpu, type CpuUse } from './cpu.js';
import { fill } from './fill.js';
import { engineWay, landingWay, naiveWay, type Way } from './landing-ways.js';
import { withSite, type Bench, type Site } from './place.js';

const DEADLINE_MS = 600_000;
const LOOK_MS = 500;
const MOST_EVENTS = 500_000;
/** ClickHouse's merges fall into the seconds that are measured, or beside them: one turn differs from the next by a third. */
const TURNS = 3;

export interface WayResult {
  readonly rows: number;
  readonly uniqueOffsets: number;
  readonly rowsPerSecond: number;
  /** CPU seconds per million rows: broker, ClickHouse and the consumer. */
  readonly cpuPerMillion: CpuUse;
}

/** The three ways over one log, one after the other. */
export interface Turn {
  readonly ways: { readonly landing: WayResult; readonly naive: WayResult; readonly kafkaEngine: WayResult };
  /** Landing's CPU as a share of the others'. */
  readonly ofNaive: number;
  readonly ofKafkaEngine: number;
}

export interface LandingResult {
  readonly events: number;
  readonly turns: readonly Turn[];
  /** Medians over the turns. */
  readonly ofNaive: number;
  readonly ofKafkaEngine: number;
}

/** At most half a million of `events`, three times. Throws WK_DRAIN_TIMEOUT. */
export async function landing(bench: Bench, events: number): Promise<LandingResult> {
  const count = Math.min(events, MOST_EVENTS);
  const turns: Turn[] = [];
  while (turns.length < TURNS) turns.push(await takeTurn(bench, `landing${turns.length + 1}`, count));
  const middle = (share: (turn: Turn) => number): number => quantile(turns.map(share), 0.5) ?? NaN;
  return {
    events: count,
    turns,
    ofNaive: middle((turn) => turn.ofNaive),
    ofKafkaEngine: middle((turn) => turn.ofKafkaEngine),
  };
}

function takeTurn(bench: Bench, name: string, events: number): Promise<Turn> {
  return withSite(bench, name, async (site) => {
    bench.say(`Filling a topic with ${events} events …`);
    await fill(bench, site, events);
    const ours = await measured(bench, site, 'landing', events, landingWay);
    const naive = await measured(bench, site, 'naive', events, naiveWay);
    const kafkaEngine = await measured(bench, site, 'engine', events, engineWay);
    const share = (other: WayResult): number =>
      Math.round((ours.cpuPerMillion.sum / other.cpuPerMillion.sum) * 100) / 100;
    return {
      ways: { landing: ours, naive, kafkaEngine },
      ofNaive: share(naive),
      ofKafkaEngine: share(kafkaEngine),
    };
  });
}

/** One way into a database of its own, until every row is there. */
async function measured(
  bench: Bench,
  site: Site,
  name: string,
  events: number,
  start: (bench: Bench, site: Site) => Promise<Way>,
): Promise<WayResult> {
  const database = `${site.place.database}_${name}`;
  const { clickhouseUrl } = bench.backends;
  await migrateAt(process.env, clickhouseUrl, database);
  const sql = openSql({ url: clickhouseUrl, database });
  const own = { ...site, sql, place: { ...site.place, database } };
  try {
    bench.say(`Landing ${events} events: ${name} …`);
    const way = await start(bench, own);
    const cpu = startCpu({ ...bench.pids, ...way.pids });
    const startedMs = performance.now();
    let used: CpuUse;
    let seconds: number;
    try {
      let rows = 0;
      do {
        if (performance.now() - startedMs > DEADLINE_MS) throw drainTimedOut(DEADLINE_MS, `${name}: ${rows} rows`);
        await sleep(LOOK_MS);
        const [row] = await sql.rows<{ n: string }>('SELECT count() AS n FROM events');
        rows = Number(row?.n ?? 0);
      } while (rows < events);
      seconds = (performance.now() - startedMs) / 1_000;
      used = cpu();
    } finally {
      await way.stop();
    }
    const [row] = await sql.rows<{ n: string; u: string }>(
      'SELECT count() AS n, uniqExact(kafka_partition, kafka_offset) AS u FROM events',
    );
    return {
      rows: Number(row?.n ?? 0),
      uniqueOffsets: Number(row?.u ?? 0),
      rowsPerSecond: Math.round(events / seconds),
      cpuPerMillion: perMillion(used, events),
    };
  } finally {
    await sql.command(`DROP DATABASE IF EXISTS ${database} SYNC`);
    await sql.close();
  }
}
