// Planted loops are found, with where, period, rounds and waste; what only looks like a loop stays quiet.

import type { DetectionDraft } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { call, event, run, userSays, words } from './testing/events.js';
import type { LoopView } from './view.js';

const tools = ['search', 'open', 'read', 'list', 'query', 'fetch', 'scan', 'load'];

interface Plan {
  readonly period: number;
  readonly rounds: number;
  readonly jitter?: 'numbers' | 'ids' | 'volatile';
  readonly noise?: boolean;
}

/** Six honest steps, then a cycle whose arguments or results may change without meaning, then six honest steps. */
function planted({ period, rounds, jitter, noise = false }: Plan): {
  events: LoopView[];
  firstSeq: number;
  lastSeq: number;
} {
  const events: LoopView[] = [event(1, { kind: 'SESSION_STARTED', goal: words(1, 12) })];
  let seq = 2;
  const honest = (): void => {
    for (let i = 0; i < 6; i++, seq++)
      events.push(call(seq, tools[i % 8]!, { topic: words(seq, 3) }, words(1_000 + seq, 30)));
  };
  honest();
  const firstSeq = seq;
  let lastSeq = seq;
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < period; step++) {
      const args = {
        place: words(50 + step, 3),
        ...(jitter === 'numbers' ? { limit: 10 + round * 7 } : {}),
        ...(jitter === 'ids' ? { request: `${'abcdef'[round % 6]}${String(round * 7919).padStart(19, '4')}f` } : {}),
      };
      const stamp = jitter === 'volatile' ? ` at 2025-03-0${1 + (round % 9)}T10:1${step}:00Z` : '';
      lastSeq = seq;
      events.push(call(seq++, tools[step % 8]!, args, words(500 + step, 25) + stamp));
    }
    if (noise) events.push(call(seq, 'note', { text: words(seq, 3) }, words(2_000 + seq++, 20)));
  }
  honest();
  events.push(event(seq, { kind: 'SESSION_ENDED' }));
  return { events, firstSeq, lastSeq };
}

const repeats = (drafts: readonly DetectionDraft[]): DetectionDraft[] =>
  drafts.filter((draft) => draft.kind === 'loop.repeat');
const evidence = (draft: DetectionDraft): { period: number; rounds: number; steps: number[]; likeness: string } =>
  JSON.parse(draft.evidence) as never;

describe('a planted cycle', () => {
  for (const period of [1, 2, 3, 4, 5, 6, 8, 12]) {
    it.each<Plan>([
      { period, rounds: 4 },
      { period, rounds: 4, jitter: 'numbers' },
      { period, rounds: 4, jitter: 'ids' },
      { period, rounds: 4, jitter: 'volatile' },
      { period, rounds: 4, noise: true },
    ])('is one detection from its first step on, with its period and rounds: %o', (plan) => {
      const { events, firstSeq, lastSeq } = planted(plan);
      const found = repeats(run(events).drafts);
      expect(new Set(found.map((draft) => draft.detection_id)).size).toBe(1);
      expect(found.map((draft) => draft.revision)).toEqual(found.map((_, i) => i + 1));
      const [first, last] = [found[0]!, found.at(-1)!];
      expect(first).toMatchObject({ status: 'OPEN', anchor: firstSeq, first_seq: firstSeq });
      expect(last).toMatchObject({ status: 'CLOSED', anchor: firstSeq, last_seq: lastSeq });
      expect(evidence(last)).toMatchObject({ period, rounds: 4 });
      expect(evidence(last).steps.length).toBeLessThanOrEqual(12);
    });
  }

  it('fires in the third round and closes when the agent gets out, before the session ends', () => {
    const { events } = planted({ period: 2, rounds: 5 });
    const before = events.slice(0, 1 + 6 + 4);
    expect(run(before).drafts).toEqual([]);
    expect(repeats(run(events.slice(0, 1 + 6 + 5)).drafts)).toHaveLength(1);
    const whole = repeats(run(events.slice(0, -1)).drafts);
    expect(whole.at(-1)!.status).toBe('CLOSED');
  });

  it('does not flood: the revisions of an endless loop grow with the logarithm of its rounds', () => {
    const endless = Array.from({ length: 1_000 }, (_, i) => call(i + 1, 'ping', { host: 'a' }, words(1, 20)));
    const { drafts } = run(endless);
    expect(drafts.length).toBeGreaterThan(5);
    expect(drafts.length).toBeLessThan(20);
    expect(drafts.at(-1)!.severity).toBe('CRITICAL');
  });

  it('counts what was burnt from the second round on', () => {
    const burning = (seq: number): LoopView[] => [
      event(2 * seq, { kind: 'LLM_CALL', input_tokens: 100, output_tokens: 10, cost_nano_usd: 1_000 }),
      call(2 * seq + 1, 'ping', { host: 'a' }, words(1, 20)),
    ];
    const [found] = run([1, 2, 3].flatMap(burning)).drafts;
    expect(found).toMatchObject({ wasted_tokens: 220, wasted_cost_nano_usd: 2_000, wasted_ms: 4_000 });
  });

  it('goes on under its id when the agent falls back into it', () => {
    const loop = (from: number): LoopView[] =>
      [0, 1, 2, 3].map((i) => call(from + i, 'ping', { host: 'a' }, words(1, 20)));
    const honest = (from: number): LoopView[] =>
      [0, 1, 2, 3].map((i) => call(from + i, 'read', { page: words(from + i, 2) }, words(from + i + 90, 30)));
    const { drafts } = run([...loop(1), ...honest(5), ...loop(9), ...honest(13)]);
    expect(new Set(drafts.map((draft) => draft.detection_id)).size).toBe(1);
  });

  it('finds the same error again and again, whatever the arguments, from the fourth on', () => {
    const failing = (count: number): LoopView[] =>
      Array.from({ length: count }, (_, i) =>
        call(i + 1, 'write_file', { path: '/etc/x', mode: i }, 'Error: permission denied', { status: 'ERROR' }),
      );
    expect(run(failing(3)).drafts).toEqual([]);
    expect(run(failing(4)).drafts[0]!.explanation).toContain('the same error');
  });

  it('finds new arguments that change nothing', () => {
    const same = [1, 2, 3].map((seq) => call(seq, 'search', { query: words(seq, 3) }, words(7, 30)));
    expect(evidence(run(same).drafts[0]!).likeness).toBe('same_result');
  });

  it('finds arguments that differ by a typo, with results that say what was known', () => {
    const known = words(3, 60).split(' ');
    const results = [known, known.slice(0, 25), known.slice(30)].map((part) => part.join(' '));
    const queries = ['cheap flights to lisbon', 'cheap flight to lisbon', 'cheap flights to lisbonn'];
    const typos = queries.map((query, i) => call(i + 1, 'search', { query }, results[i]!));
    expect(evidence(run(typos).drafts[0]!).likeness).toBe('reworded');
  });
});

describe('content that stayed with the agent', () => {
  const hashed = (seq: number, fields: { input: number; output: number; outputWords?: number[] }): LoopView => {
    const fingerprint = (seed: number): Buffer => {
      const bytes = Buffer.alloc(16);
      bytes.writeUInt32BE(seed + 1, 0);
      return bytes;
    };
    const sketch = (hashes: number[]): Buffer => {
      const bytes = Buffer.alloc(hashes.length * 4);
      hashes.forEach((hash, i) => bytes.writeUInt32BE(hash, i * 4));
      return bytes;
    };
    const outputWords =
      fields.outputWords ?? Array.from({ length: 16 }, (_, i) => fields.output * 1_000_003 + i * 99_991 + 1);
    return event(seq, {
      name: 'search',
      content_level: 'HASHED',
      input_fingerprint: fingerprint(fields.input),
      output_fingerprint: fingerprint(fields.output),
      input_sketch: sketch([fields.input * 77_777 + 5, fields.input * 77_777 + 900]),
      output_sketch: sketch(outputWords),
    });
  };

  it('shows exact repeats by its fingerprints', () => {
    const { drafts } = run([1, 2, 3].map((seq) => hashed(seq, { input: 1, output: 2 })));
    expect(evidence(drafts[0]!).likeness).toBe('exact');
  });

  it('shows new arguments with the same result', () => {
    const { drafts } = run([1, 2, 3].map((seq) => hashed(seq, { input: seq, output: 2 })));
    expect(evidence(drafts[0]!).likeness).toBe('same_result');
  });

  it('shows results that differ by a word', () => {
    const common = Array.from({ length: 31 }, (_, i) => 1_000 + i * 77_777);
    const { drafts } = run(
      [1, 2, 3].map((seq) => hashed(seq, { input: seq, output: seq, outputWords: [...common, 4_000_000_000 + seq] })),
    );
    expect(evidence(drafts[0]!).likeness).toBe('same_result');
  });

  it('stays quiet while the results change', () => {
    expect(run([1, 2, 3, 4, 5].map((seq) => hashed(seq, { input: 1, output: seq }))).drafts).toEqual([]);
  });

  it('is not compared where there is not even a fingerprint', () => {
    expect(run([1, 2, 3, 4].map((seq) => event(seq, { name: 'search', content_level: 'NONE' }))).drafts).toEqual([]);
  });
});

describe('what is not a loop', () => {
  const quiet = (name: string, events: LoopView[]): void => {
    it(`leaves ${name} alone`, () => {
      expect(run(events).drafts).toEqual([]);
    });
  };
  const six = [1, 2, 3, 4, 5, 6];
  quiet(
    'paging',
    six.map((seq) => call(seq, 'list_orders', { customer: 'c1', page: seq }, words(seq, 40))),
  );
  quiet(
    'polling that brings new text',
    six.map((seq) => call(seq, 'read_inbox', {}, words(seq, 30))),
  );
  quiet(
    'polling with a number that moves',
    six.map((seq) => call(seq, 'job_status', { job: 'j1' }, `status: running, progress: ${seq * 15}%`)),
  );
  quiet('a retry that succeeds', [
    call(1, 'book', { flight: 'x1' }, 'Error: temporary failure', { status: 'ERROR' }),
    call(2, 'book', { flight: 'x1' }, 'Error: temporary failure', { status: 'ERROR' }),
    call(3, 'book', { flight: 'x1' }, 'Error: temporary failure', { status: 'ERROR' }),
    call(4, 'book', { flight: 'x1' }, words(4, 20)),
  ]);
  quiet(
    'a batch over items',
    six.map((seq) =>
      call(
        seq,
        'get_product',
        { product: words(seq, 2) },
        `Product ${words(seq, 2)}: ${words(9, 14)} ${words(seq + 40, 6)}`,
      ),
    ),
  );
  quiet(
    'a batch that is only acknowledged',
    six.map((seq) => call(seq, 'send_message', { recipient: words(seq, 1), body: words(9, 12) }, 'Message sent.')),
  );
  quiet(
    'a batch whose long acknowledgements differ by the number of the item',
    six.map((seq) =>
      call(
        seq,
        'close_ticket',
        { ticket: 4100 + seq },
        `The ticket ${4100 + seq} was closed, its owner was told, and the queue has been sorted anew by age`,
      ),
    ),
  );
  quiet('a look that is taken twice', [
    call(1, 'get_user', { id: 'u1' }, words(1, 20)),
    call(2, 'get_user', { id: 'u1' }, words(1, 20)),
  ]);
  quiet(
    'a user who asks again with something new each time',
    six.flatMap((seq) => [
      userSays(2 * seq, `Now also tell me about ${words(seq, 8)}`),
      call(2 * seq + 1, 'get_user', { id: 'u1' }, words(1, 20)),
    ]),
  );
  quiet(
    'steps that have begun and not ended',
    six.map((seq) => call(seq, 'search', { query: 'a' }, '', { phase: 'START' })),
  );
  quiet(
    'tasks that say nothing',
    six.map((seq) => event(seq, { kind: 'TASK', name: 'item', phase: 'END' })),
  );
});
