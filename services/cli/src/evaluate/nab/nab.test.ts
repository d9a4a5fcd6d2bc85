// Laws of the score files, and what the shipped detector must keep up on the development series.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSeries, readCorpus } from './corpus.js';
import { SHIPPED, scoreFile, scoreNab } from './nab.js';

const TEXT =
  'timestamp,value\n2014-01-16 00:00:00,33.50\n2014-01-16 00:05:00,34\n2014-01-16 00:05:00,35\n2014-01-16 00:10:00,36\n';

describe('a file of scores', () => {
  it('has a line per row, stamps and values as they were, and the label 1 within windows', () => {
    const series = parseSeries('a/b.csv', TEXT, [['2014-01-16 00:05:00.000000', '2014-01-16 00:10:00.000000']]);
    expect(scoreFile(series, [0, 0.25, 1, 0])).toBe(
      'timestamp,value,anomaly_score,label\n2014-01-16 00:00:00,33.50,0,0\n2014-01-16 00:05:00,34,0.25,1\n' +
        '2014-01-16 00:05:00,35,1,1\n2014-01-16 00:10:00,36,0,1\n',
    );
  });
});

describe('a series', () => {
  it('is read in UTC', () => {
    expect(parseSeries('a/b.csv', TEXT, []).timesMicros[1]).toBe(Date.UTC(2014, 0, 16, 0, 5) * 1000);
  });

  it.each([
    ['a line without a value', `${TEXT}2014-01-16 00:15:00\n`, /line 6/],
    ['a stamp that is none', `${TEXT}soon,1\n`, /line 6/],
  ])('stops at %s and names the line', (_, text, message) => {
    expect(() => parseSeries('a/b.csv', text, [])).toThrow(message);
  });
});

const dataDir = process.env['WATCHKEEPER_DATA'] ?? join(import.meta.dirname, '../../../../../../shared/data');
const corpus = await readCorpus(dataDir).catch(() => undefined);
const report = corpus && (await scoreNab(corpus));
if (!report)
  console.warn(`Skipped: ${dataDir} holds no benchmark series; set WATCHKEEPER_DATA to check the detector on them.`);

describe.skipIf(!report)('the shipped series detector', () => {
  it('reaches 74 on the development series at its frozen threshold, and beats every baseline at their best ones', () => {
    const shipped = report!.results.find(({ detector }) => detector === SHIPPED)!.frozen!;
    expect(shipped.standard).toBeGreaterThanOrEqual(74);
    for (const { detector, best } of report!.results)
      if (detector !== SHIPPED) expect(best.standard).toBeLessThan(shipped.standard);
  });
});
