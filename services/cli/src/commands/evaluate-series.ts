// watchkeeper evaluate nab | anomalies: the series detector on the benchmark's series and on generated metrics, or score files for the benchmark's own scorer.

import { writeFileSync } from 'node:fs';
import { isEqual } from '../bench/compare.js';
import { comparisonFaults } from '../bench/report.js';
import { badOption } from '../errors.js';
import { agentsThroughKafka } from '../evaluate/agents/agents-through-kafka.js';
import { evaluatedWorlds, metricsTable, scoreAgentMetrics } from '../evaluate/agent-metrics/agent-metrics.js';
import { chooseConstants } from '../evaluate/nab/choose.js';
import { readCorpus, type NabCorpus } from '../evaluate/nab/corpus.js';
import { nabTable, scoreNab, writeNabScores } from '../evaluate/nab/nab.js';
import { seriesPage } from '../evaluate/series/page.js';
import { fieldsOf, judgeSet, metricsSet, nabSet, type JudgedSet } from '../evaluate/series/set.js';
import { seriesTable } from '../evaluate/series/table.js';

export interface EvaluateSeriesFlags {
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly choose?: boolean;
  readonly report?: string;
  readonly throughKafka?: boolean;
  readonly dataDir: string;
}

/** Results to stdout, what is skipped to stderr. Throws WK_NAB_NOT_FOUND and WK_NAB_LINE. */
export async function evaluateSeries(what: 'nab' | 'anomalies', flags: EvaluateSeriesFlags): Promise<void> {
  if (flags.throughKafka === true && what === 'nab')
    throw badOption(
      '--through-kafka',
      what,
      'loops, drift or anomalies: a series of the benchmark goes through no topic',
    );
  const dir = flags.data ?? process.env['WATCHKEEPER_DATA'] ?? '../shared/data';
  if (what === 'nab' && flags.out !== undefined) {
    const files = await writeNabScores(dir, flags.out);
    print(flags, { files, out: flags.out }, `${files} files in ${flags.out}\n`);
    return;
  }
  if (what === 'nab' && flags.choose === true) {
    process.stdout.write(`${JSON.stringify(chooseConstants(await readCorpus(dir)), null, 2)}\n`);
    return;
  }
  const sets = what === 'nab' ? [await nabEvaluated(await readCorpus(dir))] : await allEvaluated(dir);
  const values: object[] = sets.map(({ own, judged }) => ({ ...own, ...fieldsOf(judged) }));
  const text = sets.map(({ table, judged }) => `${table}\n${seriesTable(judged)}`).join('\n');
  if (flags.throughKafka === true) values.push(await agentsCompared(flags));
  print(flags, what === 'nab' ? values[0] : values, text);
  if (flags.report === undefined) return;
  const notes = Object.fromEntries(sets.map(({ judged, note }) => [judged.set, note]));
  writeFileSync(
    flags.report,
    seriesPage(
      sets.map(({ judged }) => judged),
      notes,
    ),
  );
  process.stderr.write(`The report is in ${flags.report}.\n`);
}

/** A simulated fleet through meter and detector; exit code 1 where what they tell is not what a run in memory tells. */
async function agentsCompared({ dataDir }: EvaluateSeriesFlags): Promise<object> {
  const run = await agentsThroughKafka({ env: process.env, dataDir, say });
  const { comparison, agents, positives, recall, falseAlarms, clean, ...rest } = run;
  say(
    `Through Kafka, ${agents} simulated agents: ${comparison.found} detections, ${comparison.expected} in memory; ${recall.toFixed(2)} of ${positives} plants found, ${falseAlarms} of ${clean} clean agents called.`,
  );
  for (const fault of comparisonFaults('Detections of agents', comparison)) say(fault);
  if (!isEqual(comparison)) process.exitCode = 1;
  return { ...rest, agents, positives, recall, falseAlarms, clean, throughKafka: comparison };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A set with what its own scorer says of it. */
interface EvaluatedSeriesSet {
  readonly judged: JudgedSet;
  readonly own: object;
  readonly table: string;
  readonly note: string;
}

async function nabEvaluated(corpus: NabCorpus): Promise<EvaluatedSeriesSet> {
  const own = await scoreNab(corpus);
  const frozen = own.results[0]?.frozen;
  const note = frozen
    ? `The benchmark's own score at the shipped threshold: standard ${frozen.standard.toFixed(1)}, low FP ${frozen.reward_low_FP_rate.toFixed(1)}, low FN ${frozen.reward_low_FN_rate.toFixed(1)}.`
    : '';
  return { judged: judgeSet(own.set, nabSet(corpus)), own, table: nabTable(own), note };
}

/** The benchmark, where it is there, and the generated metrics. */
async function allEvaluated(dir: string): Promise<EvaluatedSeriesSet[]> {
  const corpus = await readCorpus(dir).catch((error: unknown) => {
    process.stderr.write(`The set nab is skipped: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  });
  const worlds = evaluatedWorlds();
  const own = scoreAgentMetrics(worlds);
  const metrics = { judged: judgeSet(own.set, metricsSet(worlds)), own, table: metricsTable(own), note: '' };
  return corpus ? [await nabEvaluated(corpus), metrics] : [metrics];
}

function print({ json }: EvaluateSeriesFlags, value: unknown, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : text);
}
