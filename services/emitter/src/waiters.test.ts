// Laws of waiting: an answer each, and nothing is held after it.

import { expect, it } from 'vitest';
import { Waiters } from './waiters.js';

it('answers true when the state comes, false when patience ends, and holds nobody after that', async () => {
  const waiters = new Waiters();
  let state = 0;
  const first = waiters.reached(() => state >= 1);
  const second = waiters.reached(() => state >= 2, 60_000);
  const never = waiters.reached(() => false, 1);
  expect(await waiters.reached(() => true)).toBe(true);
  expect(await never).toBe(false);
  expect(waiters.size).toBe(2);
  state = 1;
  waiters.settle();
  expect(await first).toBe(true);
  expect(waiters.size).toBe(1);
  state = 2;
  waiters.settle();
  expect(await second).toBe(true);
  expect(waiters.size).toBe(0);
});
