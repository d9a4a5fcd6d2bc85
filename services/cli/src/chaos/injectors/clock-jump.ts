// Agents whose clocks jump: days ahead, years back, and to where they were, in the middle of a session.

import { tupleKey } from '@watchkeeper/schemas';
import { systemClock } from '@watchkeeper/runtime';
import { waitFor } from '../../stack/wait.js';
import { eventBytes } from '../bad-records.js';
import { WILD_PARTITION, type Injector } from './injector.js';

const HOUR_MICROS = 3_600_000_000;
const JUMPS_HOURS = [0, 48, 0, -72, 0.1, 24 * 400, -24 * 400, 0, -0.2, 0];
const SESSIONS = 4;
const ROUNDS = 3;
const LANDED_MS = 240_000;

export const clockJump: Injector = {
  kind: 'clock-jump',
  resource: () => 'clocks',
  async inject({ producer, sql }, { turn }) {
    const nowMicros = systemClock.nowMicros();
    const steps = Array.from({ length: ROUNDS }, () => JUMPS_HOURS).flat();
    const records = steps.flatMap((hours, seq) =>
      Array.from({ length: SESSIONS }, (_, session) => {
        const id = `jump-${turn}-${session}`;
        const value = eventBytes({
          event_id: `${id}-${seq}`,
          tenant_id: 'jumps',
          agent_id: `jumper-${session}`,
          session_id: id,
          seq,
          occurred_at: nowMicros + hours * HOUR_MICROS,
          // Half of them loop: a loop is one whatever the clock says.
          input: session % 2 === 0 ? '{"q":"the same"}' : `{"q":"question ${seq} of ${id}"}`,
        });
        return { key: tupleKey('jumps', id), value, partition: WILD_PARTITION };
      }),
    );
    await producer.send('agent.events', records);
    const endedMs = performance.now();
    const landed = async (): Promise<number> => {
      const [row] = await sql
        .rows<{ n: string }>(
          `SELECT uniqExact(session_id, seq) AS n FROM events WHERE tenant_id = 'jumps' AND session_id LIKE 'jump-${turn}-%'`,
        )
        .catch(() => []);
      return Number(row?.n ?? 0);
    };
    const there = await waitFor(async () => (await landed()) === records.length, LANDED_MS);
    return { proof: there ? `${records.length} events` : undefined, endedMs };
  },
};
