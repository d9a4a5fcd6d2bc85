// Laws of content: it leaves as its level says, and never by mistake.

import { fingerprintOf, hiddenInput, hiddenOutput, keyedHash, sketchOf, type AgentEvent } from '@watchkeeper/schemas';
import { afterEach, describe, expect, it } from 'vitest';
import type { EmitterOptions } from './index.js';
import { closeEmitters, emitterOver } from './testing/emitter-over.js';

afterEach(closeEmitters);

describe('content levels', () => {
  const say = async (options: Partial<EmitterOptions>): Promise<AgentEvent[]> => {
    const { emitter, events } = emitterOver(options);
    const session = emitter.session({ goal: 'find the secret' });
    session.tool({
      name: 't',
      input: { q: 'secret word' },
      output: 'the secret is out',
      error: new Error('secret failed'),
    });
    return events();
  };
  const empty = Buffer.alloc(16);

  it('NONE lets nothing leave', async () => {
    const all = await say({ contentLevel: 'NONE' });
    expect(JSON.stringify(all)).not.toContain('secret');
    for (const event of all)
      expect(event).toMatchObject({
        input_fingerprint: empty,
        output_fingerprint: empty,
        input_sketch: Buffer.alloc(0),
      });
  });

  it('HASHED lets marks leave, of the goal too', async () => {
    const all = (await say({ contentLevel: 'HASHED', sketchKey: 'k' })) as [AgentEvent, AgentEvent];
    expect(JSON.stringify(all)).not.toContain('secret');
    expect(all[0].input_sketch).toEqual(sketchOf('find the secret', 'k'));
    expect(all[0].input_facets).toEqual(hiddenInput('find the secret', keyedHash('k')).facets);
    expect(all[1]).toMatchObject({
      input_fingerprint: fingerprintOf('{"q":"secret word"}'),
      output_sketch: sketchOf('the secret is out', 'k'),
      output_facets: hiddenOutput('the secret is out', keyedHash('k')).facets,
      error_type: 'Error',
    });
  });

  it.each(['NONE', 'FULL', 'REDACTED'] as const)(
    '%s tells no facets: there is nothing, or the text itself',
    async (contentLevel) => {
      for (const { input_facets, output_facets } of await say({ contentLevel, redact: (text) => text }))
        expect(input_facets.length + output_facets.length).toBe(0);
    },
  );

  it('REDACTED lets leave what the redaction gives, everywhere', async () => {
    const all = (await say({ contentLevel: 'REDACTED', redact: (text) => text.replaceAll('secret', '[x]') })) as [
      AgentEvent,
      AgentEvent,
    ];
    expect(JSON.stringify(all)).not.toContain('secret');
    expect(all[0].goal).toBe('find the [x]');
    expect(all[1]).toMatchObject({
      input: '{"q":"[x] word"}',
      error_message: '[x] failed',
      input_fingerprint: fingerprintOf('{"q":"[x] word"}'),
    });
  });

  it.each([
    () => {
      throw new Error('broken');
    },
    () => undefined as never,
  ])('REDACTED lets nothing leave where the redaction fails (%#)', async (redact) => {
    // prettier-ignore
    const { emitter, notices, events } = emitterOver({ contentLevel: 'REDACTED', redact });
    emitter.session({ goal: 'find the secret' }).tool({ name: 't', input: 'secret' });
    expect(JSON.stringify(await events())).not.toContain('secret');
    expect(emitter.stats().redactFailures).toBeGreaterThan(0);
    expect(notices).toHaveLength(1);
  });
});
