// Loops whose results say little, and their innocent twins: the call decides, and which way its numbers go.

import type { DetectionDraft } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { call, event, run, words } from './testing/events.js';
import type { LoopView } from './view.js';

const found = (events: LoopView[]): DetectionDraft[] => run(events).drafts;
const six = [1, 2, 3, 4, 5, 6];
const jumping = [431, 87, 512, 90, 777, 12];
const stampAt = (seq: number): string => `made 2026-0${seq}-11T0${seq}:12:41Z request ${jumping[seq - 1]!}`;

describe('a loop with short results', () => {
  const loops: [string, LoopView[]][] = [
    [
      'with a new request id each time',
      six.map((seq) => call(seq, 'find', { name: 'plan b', id: `${seq}f0e1d2c3b4a5968778${seq}` }, '[]')),
    ],
    ['with numbers that jump', six.map((seq) => call(seq, 'add', { user: 'ann', room: jumping[seq - 1] }, 'none'))],
    ['whose results are stamped', six.map((seq) => call(seq, 'find', { name: 'plan b' }, `none ${stampAt(seq)}`))],
    [
      'whose results are stamped from the second on',
      six.map((seq) => call(seq, 'find', { name: 'b' }, seq === 1 ? '[]' : `[] ${stampAt(seq)}`)),
    ],
    [
      'in other words',
      [
        'now look up the old price of the red chair once more',
        'look up once more the old price of the red chair please',
        'please look the old price of the red chair up',
        'the old price of the red chair, look it up now',
      ].map((thought, i) => call(i + 1, 'think', { thought }, '')),
    ],
    [
      'in which a step of the round fails',
      [1, 2, 3].flatMap((round) => [
        call(2 * round, 'open', { door: 'left' }, 'it is open'),
        call(2 * round + 1, 'walk', { to: 'hall' }, 'Error: the way is blocked', { status: 'ERROR' }),
      ]),
    ],
    [
      'in which two agents hand the same task to and fro',
      [1, 2, 3].flatMap((round) => [
        event(2 * round, {
          kind: 'HANDOFF',
          recipient: 'writer',
          input: 'please finish the second chapter of the report',
        }),
        event(2 * round + 1, {
          kind: 'HANDOFF',
          recipient: 'critic',
          input: 'please review the second chapter of the report',
        }),
      ]),
    ],
    [
      'that is a plan which starts over',
      [1, 2, 3].flatMap((round) => [
        event(10 * round, { kind: 'PLAN', input: words(77, 60) }),
        ...[1, 2, 3].map((step) => call(10 * round + step, 'read', { page: words(step, 2) }, words(step + 50, 30))),
      ]),
    ],
  ];
  it.each(loops)('is found: %s', (_name, events) => {
    expect(found(events).map((draft) => draft.kind)).toContain('loop.repeat');
  });
});

describe('what is not a loop', () => {
  const innocent: [string, LoopView[]][] = [
    [
      'a poll whose number rises beside noise',
      six.map((seq) => call(seq, 'poll', { job: 7 }, `running, ${seq * 13} %, ${jumping[seq - 1]!} rows`)),
    ],
    [
      'a batch over ids that are only acknowledged',
      six.map((seq) => call(seq, 'close', { ticket: `TCK-${jumping[seq - 1]!}` }, 'done')),
    ],
    ['a batch that counts', six.map((seq) => call(seq, 'close', { queue: 'left', ticket: 4_100 + seq }, 'done'))],
    [
      'a batch with another item in the same sentence',
      six.map((seq) =>
        call(seq, 'tell', { text: `please tell ${words(seq, 1)} that the room has moved to the second floor` }, 'sent'),
      ),
    ],
    [
      'a log that grows',
      six.map((seq) =>
        call(
          seq,
          'tail',
          { file: 'a' },
          six
            .slice(0, seq)
            .map((n) => `2026-01-01T10:0${n}:00Z ${words(n, 2)}`)
            .join('\n'),
        ),
      ),
    ],
    [
      'a call that at last has an effect that was known',
      [
        call(1, 'read', { id: 'e5' }, words(1, 30)),
        call(2, 'move', { id: 'e5', to: 'monday' }, ''),
        call(3, 'move', { id: 'e5', to: 'monday' }, ''),
        call(4, 'move', { id: 'e5', to: 'monday' }, words(1, 30)),
      ],
    ],
    [
      'an order that is repeated word for word while the answers bring news',
      six.map((seq) =>
        call(
          seq,
          'worker',
          { task: 'look whether the parcel to the north has been seen again' },
          `the parcel was seen near ${words(seq, 40)}`,
        ),
      ),
    ],
  ];
  it.each(innocent)('stays quiet: %s', (_name, events) => {
    expect(found(events)).toEqual([]);
  });
});
