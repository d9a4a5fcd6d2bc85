import { StateReader, StateWriter } from '@watchkeeper/schemas';
import { describe, expect, it } from 'vitest';
import { Echo } from './goal-echo.js';
import { GoalSilence } from './goal-silence.js';

function text(...words: number[]): Echo {
  const echo = new Echo();
  echo.size = 60;
  for (const word of words) echo.addWord(word);
  return echo;
}

const after = (texts: readonly Echo[], tells = 1): GoalSilence => {
  const silence = new GoalSilence();
  for (const one of texts) silence.take(one, tells);
  return silence;
};
const times = (count: number, ...words: number[]): Echo[] => Array.from({ length: count }, () => text(...words));

describe('GoalSilence', () => {
  it('is none while words come and go as they did', () => {
    expect(after(Array.from({ length: 40 }, (_, at) => text(at % 2, 2 + (at % 3)))).nats).toBe(0);
  });

  it('hears that some words of the goal fell silent, though others go on', () => {
    const silence = after([...times(6, 1, 2, 3, 4), ...times(10, 3, 4)]);
    expect(silence.nats).toBeGreaterThan(5);
    expect(silence.words).toBe(2);
  });

  it('is over when the words come back', () => {
    expect(after([...times(6, 1, 2), ...times(10, 3), text(1, 2)]).nats).toBe(0);
  });

  it('takes a word that came up once for no word that keeps coming up', () => {
    expect(after([text(1, 2, 3), ...times(40, 4)]).nats).toBe(0);
  });

  it('hears less in texts that tell less', () => {
    const texts = [...times(6, 1, 2), ...times(8, 3)];
    expect(after(texts, 0.2).nats).toBeLessThan(after(texts).nats / 2);
  });

  it('says the same of the same words in other texts after write and read', () => {
    const one = after([...times(5, 1, 2), ...times(4, 3)]);
    const writer = new StateWriter(5, 64);
    one.write(writer);
    const other = GoalSilence.read(new StateReader(writer.done(), [5]));
    expect(other.nats).toBe(one.nats);
    for (const next of times(4, 3)) {
      one.take(next, 0.37);
      other.take(next, 0.37);
    }
    expect(other.nats).toBe(one.nats);
  });
});
