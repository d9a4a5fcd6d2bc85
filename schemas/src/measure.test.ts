// Every field of a measure says whose it is, or is added up in one of three ways.

import { expect, it } from 'vitest';
import { MEASURE_HISTOGRAMS, MEASURE_SUMS, MEASURE_TALLIES } from './measure.js';
import { schemaFiles } from './schema-files.js';

const WHOSE = [
  'record_kind',
  'source_partition',
  'source_partitions',
  'window_start',
  'window_end',
  'tenant_id',
  'agent_id',
  'agent_version',
];

it('leaves out no field of the schema, and names none twice', () => {
  const { fields } = schemaFiles.Measure as unknown as { fields: readonly { name: string }[] };
  const histograms = MEASURE_HISTOGRAMS.flatMap((name) => [`${name}_buckets`, `${name}_counts`]);
  expect([...WHOSE, ...MEASURE_SUMS, ...MEASURE_TALLIES, ...histograms].sort()).toEqual(
    fields.map(({ name }) => name).sort(),
  );
});
