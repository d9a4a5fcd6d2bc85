// Who is tuned how: the first rule that says something decides, lists add up, and patterns fit as written.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tuningUnder, type AgentRule } from './agent-rules.js';

const rules: AgentRule[] = [
  { tenant: 'acme', agent: 'deploy-*', sensitivity: 'low', polling: ['get_status'] },
  { detectors: ['drift-detector'], sensitivity: 'high' },
  { tenant: 'acme', sensitivity: 'high', polling: ['*_queue'] },
];

describe('tuningUnder', () => {
  it('takes the first sensitivity that fits, and every list', () => {
    const tuningOf = tuningUnder(rules, 'loop-detector', 'medium');
    const deployer = tuningOf('acme', 'deploy-7');
    expect(deployer.sensitivity).toBe('low');
    expect(['get_status', 'read_queue', 'get_statuses', 'read'].map((tool) => deployer.polls(tool))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(tuningOf('acme', 'writer').sensitivity).toBe('high');
    expect(tuningOf('other', 'deploy-7').sensitivity).toBe('medium');
    expect(tuningOf('other', 'deploy-7').polls('get_status')).toBe(false);
  });

  it('leaves a detector alone that a rule does not name', () => {
    expect(tuningUnder(rules, 'drift-detector', 'medium')('other', 'x').sensitivity).toBe('high');
  });

  it('tells the same of an agent however many others were asked for', () => {
    const tuningOf = tuningUnder(rules, 'loop-detector', 'medium');
    for (let agent = 0; agent < 25_000; agent++) tuningOf(`tenant-${agent % 3}`, `agent-${agent}`);
    expect(tuningOf('acme', 'deploy-7').sensitivity).toBe('low');
    expect(tuningOf('tenant-0', 'agent-3').sensitivity).toBe('medium');
  });

  it('fits what a regular expression with the same stars fits', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (agent, text) => {
        const fits = tuningUnder([{ agent, sensitivity: 'low' }], 'd', 'high')('', text).sensitivity === 'low';
        expect(fits).toBe(new RegExp(`^${agent.replaceAll('*', '.*')}$`).test(text));
      }),
    );
  });
});
