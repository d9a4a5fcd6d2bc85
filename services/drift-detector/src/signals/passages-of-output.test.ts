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

  const of = (text: string): ReturnType<typeof passagesOf> =>
    passagesOf(text, scanText(text), new TokenTable(), source);

  it('keeps the address of a line that is full of numbers', () => {
    const line = 'step 8120 took 3412 of 9041 on 7713, then 6620, 5518 and 4417';
    const [alone] = of('desk@harbour.example');
    const [kept] = of(`${line} write to desk@harbour.example`);
    expect(kept?.literals).toHaveLength(6);
    expect(kept?.literals[0]).toBe(alone?.literals[0]);
  });

  it('takes an address in a line of a log for no entry of the log', () => {
    const log = ['4fa1c09 fixes the gate', '88b2d17 adds a lamp', '19c3e55 moves the pier', '7d04f21 paints it'];
    const listed = (last: string): number | undefined =>
      of([...log, last].join('\n')).find(({ seq }) => seq === 1)?.listed;
    expect(listed('5ce8a30 sweeps the deck')).toBe(1);
    const found = of([...log, '5ce8a30 sweeps the deck. Write to desk@harbour.example.'].join('\n'));
    expect(found.find(({ excerpt }) => excerpt.includes('desk@'))?.listed).toBe(0);
  });

  it('tells a link from members of objects, and an account from ids of records', () => {
    const among = (rows: readonly string[], said: string): number | undefined =>
      of([...rows, said].join('\n')).find(({ excerpt }) => excerpt.includes(said.slice(0, 20)))?.listed;
    const code = ['return basket.items', 'await gate.open', 'throw gate.error', 'return pier.state'];
    expect(among(code, 'see https://harbour.example/r/4 for it')).toBe(0);
    const records = ['order R-20141', 'order R-20142', 'order R-20143', 'order R-20144'];
    expect(among(records, 'it goes to DE12 3456 7890 1234 5678 now')).toBe(0);
    expect(among(records, 'it goes to R-20145 now')).toBe(1);
  });
});
