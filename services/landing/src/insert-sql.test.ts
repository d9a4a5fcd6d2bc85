// The insert's statement: older and newer writers, renamed columns, times made total, names and texts quoted.

import { schemaFiles, writerTypes } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { insertSqlOf } from './insert-sql.js';
import { plainSchema } from './land.js';
import { TARGETS } from './targets.js';

const events = TARGETS[0]!;

describe('insertSqlOf', () => {
  it.each(TARGETS)('selects as many values as $table is given columns', (target) => {
    const { insert } = insertSqlOf(target, plainSchema(writerTypes[target.schema]), 'db', 'log@1');
    const columns = (/\(([^)]*)\) SELECT/.exec(insert)?.[1] ?? '').split(', ');
    expect(insert.match(/ AS c\d+/g)).toHaveLength(columns.length);
    expect(new Set(columns).size).toBe(columns.length);
  });

  it('gives a field that an older writer lacks the newest default, and leaves out one that only a newer writer has', () => {
    const { fields, ...rest } = schemaFiles.AgentEvent as unknown as { fields: { name: string; type: unknown }[] };
    const other = [
      ...fields.filter(({ name }) => name !== 'content_level' && name !== 'score'),
      { name: 'from_the_future', type: 'string', default: '' },
    ];
    const { insert } = insertSqlOf(events, { ...rest, fields: other } as never, 'db', 'log@1');
    expect(insert).toContain("'FULL' AS c");
    expect(insert).toContain('NULL AS c');
    expect(insert).not.toContain('from_the_future');
  });

  it('quotes whatever a log id holds', () => {
    expect(insertSqlOf(events, plainSchema(writerTypes.AgentEvent), 'db', "a'b\\").insert).toContain("'a\\'b\\\\'");
  });

  it('stores nothing when it only parses', () => {
    expect(insertSqlOf(events, plainSchema(writerTypes.AgentEvent), 'db', 'l').parseOnly).toMatch(
      /^INSERT INTO FUNCTION null\(/,
    );
  });
});
