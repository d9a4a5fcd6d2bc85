// Test only: an emitter over memory, and its events decoded.

import { catalogueIds, fullView, tupleKey, viewDecoder, type AgentEvent } from '@watchkeeper/schemas';
import { expect } from 'vitest';
import { createEmitter, type Emitter } from '../emitter.js';
import type { EmitterOptions } from '../options.js';
import { MemoryTransport } from '../transport.js';

export const decode = viewDecoder(fullView('AgentEvent'), catalogueIds().writerTypeOf);
const open: Emitter[] = [];

/** For afterEach. */
export async function closeEmitters(): Promise<void> {
  await Promise.all(open.splice(0).map((emitter) => emitter.close(100)));
}

export interface EmitterUnderTest {
  readonly emitter: Emitter;
  readonly notices: string[];
  /** Flushes, then what has arrived so far. */
  readonly events: () => Promise<AgentEvent[]>;
}

export function emitterOver(options: Partial<EmitterOptions> = {}): EmitterUnderTest {
  const transport = new MemoryTransport();
  const notices: string[] = [];
  const emitter = createEmitter({
    transport,
    tenantId: 'acme',
    agentId: 'planner',
    agentVersion: '2.0',
    onNotice: (notice) => notices.push(notice),
    ...options,
  });
  open.push(emitter);
  const events = async (): Promise<AgentEvent[]> => {
    expect(await emitter.flush()).toBe(true);
    return transport.records.map(({ key, value }) => {
      const decoded = decode(value);
      if (decoded.kind === 'bad') throw new Error(decoded.error);
      expect(key.toString()).toBe(tupleKey(decoded.value.tenant_id, decoded.value.session_id));
      return decoded.value;
    });
  };
  return { emitter, notices, events };
}
