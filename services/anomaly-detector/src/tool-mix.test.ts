// Laws of the tool mix: a withdrawn tool and one that takes over are told; loops, long sessions, rare tools and nights with other tools are not.

import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { HOUR_MICROS } from './options.js';
import { Dice, START_MICROS } from './testing.js';
import { ToolMix, type MixNews } from './tool-mix.js';

const OPTIONS = { threshold: 4.75, adoptMicros: 24 * HOUR_MICROS };
const WARM_MICROS = START_MICROS + 20 * HOUR_MICROS;
const SHARES = { search: 0.8, browse: 0.7, read: 0.75, compare: 0.5, book: 0.45, pay: 0.3, mail: 0.2, recall: 0.05 };

type Session = Map<string, number>;
/** What becomes of an agent's session at an hour of its life. */
type Change = (session: Session, hour: number, dice: Dice) => Session;

/** So many hours of an agent's life: sessions by its rhythm, each with some of its tools. */
function life(seed: number, change: Change, mix = new ToolMix(OPTIONS), fromHour = 0, hours = 48): MixNews[] {
  const dice = new Dice(seed);
  const news: MixNews[] = [];
  for (let hour = 0; hour < hours;) {
    hour += dice.exponential() / (2 + Math.cos((hour / 12) * Math.PI));
    const session: Session = new Map();
    for (const [tool, share] of Object.entries(SHARES)) {
      if (dice.unit() < share) session.set(tool, 1 + Math.floor(2 * dice.exponential()));
    }
    const changed = change(session, hour, dice);
    const startMicros = START_MICROS + Math.round(hour * HOUR_MICROS);
    if (hour < fromHour || changed.size === 0) continue;
    const slot = { startMicros, endMicros: startMicros + 10_000_000, sessionsStarted: 1 };
    // A copy: what is told later must not change it.
    news.push(...mix.observe(changed, slot, startMicros >= WARM_MICROS).map((one) => structuredClone(one)));
  }
  return news;
}

const asUsual: Change = (session) => session;
const renamed =
  (from: string, to: string): Change =>
  (session, hour) =>
    hour < 30 ? session : new Map([...session].map(([tool, calls]) => [tool === from ? to : tool, calls]));

function opened(news: readonly MixNews[]): MixNews[] {
  return news.filter(({ kind }) => kind === 'open');
}

/** How many of fifty agents are called. */
function called(change: Change): number {
  let agents = 0;
  for (let seed = 1; seed <= 50; seed++) if (opened(life(seed, change)).length > 0) agents++;
  return agents;
}

describe('tool mix', () => {
  it('tells of a tool that another one takes over, new or known, within the day', () => {
    expect(called(renamed('search', 'search_v2'))).toBeGreaterThanOrEqual(48);
    expect(called(renamed('search', 'mail'))).toBeGreaterThanOrEqual(45);
  });

  it('tells which tools came and went', () => {
    const news = life(1, renamed('search', 'search_v2'));
    const tools = news.at(-1)!.episode.changes.map(({ tool }) => tool);
    expect(tools).toContain('search_v2');
    expect(tools).not.toContain('recall');
  });

  it('says nothing of agents that work as they do', () => {
    expect(called(asUsual)).toBeLessThanOrEqual(1);
  });

  it('says nothing of loops, of sessions as long as ten, and of tools that are used now and then', () => {
    const innocent: Change = (session, _hour, dice) => {
      const draw = dice.unit();
      if (draw < 0.1) return new Map([['read', 400]]);
      if (draw < 0.2) return new Map([...session].map(([tool, calls]) => [tool, 10 * calls]));
      if (draw < 0.3) return session.set(`odd_${Math.floor(dice.unit() * 40)}`, 8);
      return session;
    };
    expect(called(innocent)).toBeLessThanOrEqual(2);
  });

  it('takes nights with other tools for the rhythm they are', () => {
    const nights: Change = (session, hour) =>
      hour % 24 >= 9 && hour % 24 < 17
        ? new Map([['report', 2], ...session].slice(0, 3) as [string, number][])
        : session;
    expect(called(nights)).toBeLessThanOrEqual(2);
  });

  it('closes when the tools are back, and takes those that stay for usual after a day', () => {
    const back: Change = (session, hour, dice) =>
      hour < 42 ? renamed('search', 'search_v2')(session, hour, dice) : session;
    const ends = [life(3, back, undefined, 0, 72), life(3, renamed('search', 'search_v2'), undefined, 0, 96)].map(
      (news) => news.filter(({ kind }) => kind === 'closed').map(({ why }) => why),
    );
    expect(ends[0]).toEqual(['usual again']);
    expect(ends[1]).toEqual(['adopted']);
  });

  it('goes on from its bytes as if nothing had been', () => {
    const change = renamed('search', 'search_v2');
    const whole = life(7, change);
    for (const cut of [5, 20, 31, 40]) {
      const before = new ToolMix(OPTIONS);
      const head = life(7, change, before, 0, cut);
      const writer = new StateWriter(1);
      before.encode(writer);
      const after = new ToolMix(OPTIONS);
      after.decode(new StateReader(writer.done(), [1]));
      // The last session of the first part lies beyond its hours.
      const seen = head.length;
      expect([...head, ...life(7, change, after, nextAfter(7, cut))].slice(seen)).toEqual(whole.slice(seen));
    }
  });

  it('stays below 2 KB, however many tools there are and however long their names', () => {
    const mix = new ToolMix(OPTIONS);
    life(
      9,
      (_, hour, dice) =>
        new Map(Array.from({ length: 30 }, () => [`${'tool '.repeat(30)}${Math.floor(hour)}${dice.unit()}`, 3])),
      mix,
      0,
      72,
    );
    life(
      9,
      (session) => new Map([...session].map(([tool, calls]) => [`${tool} ${'with a long name '.repeat(9)}`, calls])),
      mix,
      0,
      72,
    );
    const writer = new StateWriter(1);
    mix.encode(writer);
    expect(writer.done().length).toBeLessThan(2048);
  });
});

/** The hour of the first session after the one that passes `hour`. */
function nextAfter(seed: number, hour: number): number {
  let last = 0;
  const hours: number[] = [];
  life(seed, (session, at) => {
    hours.push(at);
    return session;
  });
  last = hours.findIndex((at) => at >= hour);
  return hours[last + 1] ?? Infinity;
}
