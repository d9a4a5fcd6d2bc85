// The audit: asks Kafka and ClickHouse what the ledger compares.

import type { ClickHouseClient } from '@clickhouse/client';
import { topicIdsOf, type LogAdmin } from '@watchkeeper/runtime';
import { AUDITED, DEAD_LETTERS, type Audited } from './audited.js';
import { ledgerOf, type Ledger, type PartitionFacts, type StoredSums } from './ledger.js';
import { otherCluster } from './errors.js';
import { ledgerQueries, type Life, type OffsetBounds, type Receipts } from './ledger-queries.js';
import { rollupFaults, type Patience } from './rollups.js';

export interface AuditOptions {
  readonly client: ClickHouseClient;
  readonly admin: Pick<LogAdmin, 'clusterId' | 'lifeOf' | 'ranges' | 'committed' | 'offsetsAt'>;
  readonly database: string;
  readonly topicPrefix: string;
  /** Looks at what was appended since then alone (milliseconds since 1970), and at whole months of the rollups. Default: at all there is. */
  readonly sinceMs?: number;
  /** Also counts events whose id lies at several offsets: reads every id. */
  readonly repeated?: boolean;
  /** Also compares the rollups with the events, and how patiently. */
  readonly rollups?: boolean | Patience;
  readonly topics?: readonly Audited[];
}

/**
 * Compares the log with ClickHouse, while landing goes on. Landing writes rows, then the receipt, then commits; so commits are
 * read first, then receipts, rows and the log's end: what lands meanwhile shows as lag, never as a gap. Of a table it reads log_id,
 * partition, offset and append time of the rows since `sinceMs`, and nothing else but for the options.
 * Throws WK_LEDGER where ClickHouse does not answer, WK_OTHER_CLUSTER where it holds rows of another Kafka alone, and the admin's errors.
 */
export async function auditLedger(options: AuditOptions): Promise<Ledger> {
  const { admin, sinceMs, topics = AUDITED } = options;
  const cluster = await admin.clusterId();
  const ask = ledgerQueries(options.client, options.database);
  const lifeOf = livesOf(cluster, options.topicPrefix, await ask.lives());
  const ids = await topicIdsOf(
    admin,
    topics.map(({ topic }) => topic),
  );
  const looks: TopicLook[] = [];
  for (const audited of topics) {
    const { logId, topicId } = lifeOf(audited.topic);
    const id = ids.get(audited.topic);
    // A topic by the same name that is another one is not the log that landed: what landed lies beyond its end.
    const isThere = id !== undefined && (id === topicId || id === '' || topicId === '');
    const committed = isThere ? await admin.committed(audited.group, audited.topic) : new Map<number, never>();
    const from = isThere && sinceMs !== undefined ? await admin.offsetsAt(audited.topic, sinceMs) : undefined;
    const bounds: OffsetBounds | undefined = from && (await ask.blockStarts(logId, audited.topic, from));
    const receipts = await ask.receipts(logId, audited, bounds);
    const stored = await ask.stored(logId, audited, receipts);
    const ranges = isThere ? await admin.ranges(audited.topic) : [];
    looks.push({ topic: audited.topic, logId, committed, from, receipts, stored, ranges });
  }
  const facts: PartitionFacts[] = [];
  // Letters last: one that lands while the other topics are looked at, and is then committed past, would seem to be nowhere.
  for (const look of looks) facts.push(...factsOf(look, await ask.letters(look.logId, look.topic, look.receipts)));
  const repeated = options.repeated === true ? await ask.repeated(lifeOf('agent.events').logId, sinceMs) : undefined;
  const patience = options.rollups === true ? {} : options.rollups;
  const rollups = patience ? await rollupFaults(ask, sinceMs, patience) : undefined;
  return ledgerOf({
    facts,
    sinceMs,
    repeated,
    rollups,
    // Letters are told missing only once all that were sent have landed.
    lettersAwaited: facts.some(({ topic, end, committed }) => topic === DEAD_LETTERS && (committed ?? 0) < end),
  });
}

/** What was found of a topic before its dead letters were looked for. */
interface TopicLook {
  readonly topic: string;
  readonly logId: string;
  readonly committed: Awaited<ReturnType<LogAdmin['committed']>>;
  readonly from: OffsetBounds | undefined;
  readonly receipts: ReadonlyMap<number, Receipts>;
  readonly stored: ReadonlyMap<number, StoredSums>;
  readonly ranges: Awaited<ReturnType<LogAdmin['ranges']>>;
}

function factsOf(look: TopicLook, letters: ReadonlyMap<number, number>): PartitionFacts[] {
  const { topic, committed, from, receipts, stored, ranges } = look;
  const partitions = Math.max(ranges.length, ...[...receipts.keys()].map((partition) => partition + 1));
  return Array.from({ length: partitions }, (_, partition) => {
    const range = ranges.find((one) => one.partition === partition);
    return {
      topic,
      partition,
      // A topic or partition that is no more: whatever landed of it lies beyond its end.
      begin: range?.begin ?? 0,
      end: range?.end ?? 0,
      from: from?.get(partition),
      committed: committed.get(partition)?.offset,
      receipts: receipts.get(partition),
      stored: stored.get(partition) ?? { rows: 0, distinct: 0 },
      letters: letters.get(partition) ?? 0,
    };
  });
}

function livesOf(
  clusterId: string,
  topicPrefix: string,
  lives: readonly Life[],
): (topic: string) => Pick<Life, 'logId' | 'topicId'> {
  const cluster = topicPrefix === '' ? clusterId : `${clusterId}/${topicPrefix}`;
  const own = lives.filter((life) => life.cluster === cluster);
  const others = lives.filter(
    (life) => life.cluster.slice(life.cluster.split('/', 1)[0]?.length) === cluster.slice(clusterId.length),
  );
  if (own.length === 0 && others.length > 0)
    throw otherCluster(cluster, [...new Set(others.map((life) => life.cluster))]);
  const of = (topic: string): Life | undefined => own.find((life) => life.topic === topic);
  return (topic) => of(topic) ?? of('') ?? { logId: '', topicId: '' };
}
