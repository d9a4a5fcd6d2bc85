// An episode: told once when it opens, again as it grows by a factor, and when it closes.

import { describe, expect, it } from 'vitest';
import { draftOf } from './draft.js';
import {
  closeEpisode,
  continues,
  endEpisode,
  growEpisode,
  openEpisode,
  quietEpisode,
  type Episode,
  type Finding,
} from './episode.js';
import { explain } from './explanation.js';
import { NOTHING_BURNT } from './waste.js';

const at = (seq: number): Finding['here'] => ({ seq, eventId: `e${seq}`, atMicros: seq * 1e6 });

function finding(rounds: number, more: Partial<Finding> = {}): Finding {
  return {
    first: at(12),
    here: at(12 + rounds),
    rounds,
    period: 1,
    tools: ['search_flights'],
    seqs: [12],
    likeness: 'exact',
    failed: false,
    similarity: 1,
    novelty: 0,
    responsiveness: 0,
    score: rounds,
    threshold: 3,
    beforeSecond: NOTHING_BURNT,
    burn: NOTHING_BURNT,
    ...more,
  };
}

const grown = (rounds: number, more: Partial<Finding> = {}): Episode =>
  growEpisode(openEpisode(finding(3, more)).episode, finding(rounds, more)).episode;

describe('an episode', () => {
  it('tells its growth at 3, 5, 8, 13, 21 rounds', () => {
    let episode = openEpisode(finding(3)).episode;
    const told: number[] = [];
    for (let rounds = 4; rounds <= 25; rounds++) {
      const turn = growEpisode(episode, finding(rounds));
      episode = turn.episode;
      if (turn.tell) told.push(rounds);
    }
    expect(told).toEqual([5, 8, 13, 21]);
    expect(episode.revision).toBe(5);
  });

  it('closes after one quiet round and a step, and tells that once', () => {
    let { episode } = openEpisode(finding(3, { period: 3 }));
    const told: boolean[] = [];
    for (let i = 0; i < 6; i++) {
      const turn = quietEpisode(episode);
      episode = turn.episode;
      told.push(turn.tell);
    }
    expect(told).toEqual([false, false, false, true, false, false]);
    expect(episode.open).toBe(false);
  });

  it('does not tell that it reopened until it has grown, but tells what it came to at the end', () => {
    const closed = closeEpisode(openEpisode(finding(3)).episode).episode;
    const again = growEpisode(closed, finding(4));
    expect(again).toMatchObject({ tell: false, episode: { open: true, toldOpen: false } });
    expect(closeEpisode(again.episode).tell).toBe(false);
    expect(endEpisode(again.episode)).toMatchObject({ tell: true, episode: { rounds: 4, revision: 3 } });
    expect(endEpisode(endEpisode(again.episode).episode).tell).toBe(false);
  });

  it('is continued by what began before its last evidence', () => {
    const { episode } = openEpisode(finding(3));
    expect(continues(episode, finding(3, { first: at(15) }))).toBe(true);
    expect(continues(episode, finding(3, { first: at(16) }))).toBe(false);
  });
});

describe('explain', () => {
  it('names tool, rounds, period, start and why it is no progress', () => {
    expect(explain('repeat', grown(5))).toBe(
      'Repeats search_flights with the same arguments and the same result: 5 rounds of period 1 since event 12; nothing new was learnt.',
    );
    expect(
      explain('repeat', grown(4, { period: 2, tools: ['open', 'back'], likeness: 'same_result', novelty: 0.04 })),
    ).toBe(
      'Repeats 2 steps (open, back) with changed arguments that change nothing, and the same result: 4 rounds of period 2 since event 12; 4 % of the last result was new.',
    );
    expect(explain('repeat', grown(4, { failed: true }))).toContain('the same error');
  });

  it('keeps control characters of a tool name out of the sentence', () => {
    expect(explain('instruction', grown(4, { tools: ['a\u0000b\nc'] }))).toContain('Gives a b c the same');
  });
});

describe('draftOf', () => {
  const subject = { tenantId: 't', sessionId: 's', agentId: 'a', agentVersion: '1' };

  it('keeps its id while it grows, and is critical when it is long or dear', () => {
    const first = draftOf(subject, 'repeat', openEpisode(finding(3)).episode);
    const later = draftOf(subject, 'repeat', grown(9));
    expect(later.detection_id).toBe(first.detection_id);
    expect([first.severity, later.severity]).toEqual(['WARNING', 'CRITICAL']);
    const dear = grown(4, { burn: { tokens: 0, costNanoUsd: 2e9, atMicros: 0 } });
    expect(draftOf(subject, 'repeat', dear).severity).toBe('CRITICAL');
    expect(later.confidence).toBeGreaterThan(first.confidence);
  });
});
