import { expect, it } from 'vitest';
import { noTopic } from '../errors.js';
import { topicWatch } from './same-topics.js';

it('tells of a topic that is gone or another one, once two looks agree, and of nothing while nobody answers', async () => {
  const answers: (string | Error)[] = [];
  const lifeOf = (): Promise<string> => {
    const next = answers.shift();
    return typeof next === 'string' ? Promise.resolve(next) : Promise.reject(next ?? new Error('asked too often'));
  };
  const look = topicWatch({ lifeOf }, ['t'], new Map([['t', 'a']]));
  answers.push('a', noTopic('t'), 'a');
  for (let looks = 0; looks < 3; looks += 1) expect(await look()).toBeUndefined();
  answers.push(new Error('away'));
  expect(await look()).toBeUndefined();
  answers.push('b', 'b');
  expect(await look()).toBeUndefined();
  expect(await look()).toMatchObject({ code: 'WK_LOG_REPLACED' });
});
