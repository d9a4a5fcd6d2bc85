// watchkeeper evaluate nab: the series detector on the benchmark's series, or score files for its own scorer.

import { nabTable, scoreNab, writeNabScores } from '../evaluate/nab/nab.js';

export interface EvaluateSeriesFlags {
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Results to stdout. Throws WK_NAB_NOT_FOUND and WK_NAB_LINE. */
export async function evaluateSeries(_what: 'nab' | 'anomalies', { data, out, json }: EvaluateSeriesFlags): Promise<void> {
  const dir = data ?? process.env['WATCHKEEPER_DATA'] ?? '../shared/data';
  if (out !== undefined) {
    const files = await writeNabScores(dir, out);
    process.stdout.write(json === true ? `${JSON.stringify({ files, out })}\n` : `${files} files in ${out}\n`);
    return;
  }
  const report = await scoreNab(dir);
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : nabTable(report));
}
