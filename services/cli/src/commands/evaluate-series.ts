// watchkeeper evaluate nab | anomalies: the series detector on the benchmark's series and on generated metrics, or score files for the benchmark's own scorer.

import { metricsTable, scoreAgentMetrics } from '../evaluate/agent-metrics/agent-metrics.js';
import { chooseConstants } from '../evaluate/nab/choose.js';
import { readCorpus } from '../evaluate/nab/corpus.js';
import { nabTable, scoreNab, writeNabScores } from '../evaluate/nab/nab.js';

export interface EvaluateSeriesFlags {
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly choose?: boolean;
}

/** Results to stdout, what is skipped to stderr. Throws WK_NAB_NOT_FOUND and WK_NAB_LINE. */
export async function evaluateSeries(what: 'nab' | 'anomalies', flags: EvaluateSeriesFlags): Promise<void> {
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
  if (what === 'nab') {
    const report = await scoreNab(await readCorpus(dir));
    print(flags, report, nabTable(report));
    return;
  }
  const corpus = await readCorpus(dir).catch((error: unknown) => {
    process.stderr.write(`The set nab is skipped: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  });
  const nab = corpus && (await scoreNab(corpus));
  const metrics = scoreAgentMetrics();
  print(flags, nab ? [nab, metrics] : [metrics], `${nab ? `${nabTable(nab)}\n` : ''}${metricsTable(metrics)}`);
}

function print({ json }: EvaluateSeriesFlags, value: unknown, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : text);
}
