// A lane's decisions: how long to wait, and when the log is another one.

import { describe, expect, it } from 'vitest';
import { pauseMs, refuseReplacedLog } from './lane.js';

describe('pauseMs', () => {
  it('doubles up to ten seconds, half of it by chance', () => {
    expect([1, 2, 3, 50].map((failures) => pauseMs(failures, () => 1))).toEqual([200, 400, 800, 10_000]);
    expect(pauseMs(3, () => 0)).toBe(400);
  });
});

describe('refuseReplacedLog', () => {
  it('stops where the log ends below what was landed, and nowhere else', () => {
    expect(() => refuseReplacedLog('t', 0, 99, 99)).toThrow("run 'watchkeeper topics --new-log'".replace('run', 'Run'));
    expect(() => refuseReplacedLog('t', 0, 99, 100)).not.toThrow();
    expect(() => refuseReplacedLog('t', 0, undefined, 0)).not.toThrow();
  });
});
