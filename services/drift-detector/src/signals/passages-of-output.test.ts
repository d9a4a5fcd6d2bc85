import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenTable } from '../memory/token-table.js';
import { scanText } from '../text/scan.js';
import { passagesOf } from './passages-of-output.js';

const source = { seq: 1, tool: 'list', delegated: 0, sourceNamed: 0, mayQuote: true };
const amount = fc.integer({ min: 10_000, max: 99_999 });
const row = fc.tuple(amount, fc.constantFrom('ok', 'late', 'open')).map(([of, state]) => `entry ${of} ${state}`);
const rows = fc.array(row, { minLength: 8, maxLength: 40, size: 'max' });
// None of them is worded as an order.
const sentence = fc.constantFrom(
  'The archive of it was kept by the desk at desk@harbour.example.',
  'L’archivio di questo si trova presso desk@harbour.example.',
  'It went to desk@harbour.example in the years before.',
);

describe('passagesOf', () => {
  it('keeps the one sentence that names an address, wherever it stands among the rows of a listing', () => {
    fc.assert(
      fc.property(rows, sentence, fc.nat(), (listing, said, at) => {
        const lines = [...listing];
        lines.splice(at % (listing.length + 1), 0, said);
        const text = lines.join('\n');
        const scan = scanText(text);
        const excerpts = passagesOf(text, scan, new TokenTable(), source).map(({ excerpt }) => excerpt);
        expect(excerpts.length).toBeLessThanOrEqual(6);
        expect(excerpts.some((excerpt) => excerpt.includes('desk@harbour.example'))).toBe(true);
      }),
    );
  });
});
