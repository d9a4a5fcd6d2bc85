import { describe, expect, it } from 'vitest';
import { ToolMix } from './tools.js';

describe('ToolMix', () => {
  it('has no shift while the mix stays, and nearly all of it once other tools are used', () => {
    const mix = new ToolMix();
    for (let i = 0; i < 4; i++) mix.add(i % 2 === 0 ? 'read' : 'write', true);
    for (let i = 0; i < 20; i++) mix.add(i % 2 === 0 ? 'read' : 'write', false);
    expect(mix.shift()).toBeLessThan(0.05);
    for (let i = 0; i < 20; i++) mix.add('pay', false);
    expect(mix.shift()).toBeGreaterThan(0.7);
    expect(mix.isEarly('pay')).toBe(false);
    expect(mix.knows('pay')).toBe(true);
  });

  it('holds a bounded number of tools', () => {
    const mix = new ToolMix();
    for (let i = 0; i < 1_000; i++) mix.add(`tool-${i}`, false);
    expect(mix.knows('tool-999')).toBe(false);
    expect(mix.shift()).toBe(0);
  });
});
