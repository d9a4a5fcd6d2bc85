// So many sessions alive at once, and expiry back to none.

import { drainTimedOut } from '../errors.js';
import { waitFor } from '../stack/wait.js';
import type { Load } from './load.js';
import type { Look, Pulse } from './pulse.js';

export interface ManySessions {
  readonly opened: number;
  /** Keys while all are open, by detector. */
  readonly held: Readonly<Record<string, number>>;
  /** Memory with all of them open, by process. */
  readonly memoryMb: Readonly<Record<string, number>>;
  /** From the events that tell how late it is until no session was held. */
  readonly goneAfterSeconds: number;
}

const HOUR_MICROS = 3_600_000_000;
/** Each session's; all take one before the first takes its second. */
const STEPS = 3;
/** Sessions of now, enough of them that every partition hears what time it is. */
const FEW = 200;
const SESSION_DETECTORS = ['loop-detector', 'drift-detector'];
const PATIENCE_MS = 1_800_000;

/** Sessions of three hours ago, then a few of now, which begin and end: whoever was silent for so long has expired. Throws WK_DRAIN_TIMEOUT. */
export async function manySessions(load: Load, pulse: Pulse, opened: number): Promise<ManySessions> {
  let made = 0;
  await load.fill(opened * STEPS, Date.now() * 1_000 - 3 * HOUR_MICROS, (event) => {
    const seq = Math.floor(made / opened);
    const session_id = `many-${made++ % opened}`;
    const kind = event.kind === 'SESSION_ENDED' ? 'REASONING' : event.kind;
    return { ...event, tenant_id: 'many', session_id, seq, kind };
  });
  const isRead = ({ read }: Look): boolean => SESSION_DETECTORS.every((name) => (read[name] ?? 0) >= opened * STEPS);
  const open = await seen(pulse, isRead, 'the sessions are not read');
  const toldMs = performance.now();
  let told = 0;
  await load.fill(FEW * STEPS, Date.now() * 1_000, (event) => {
    const seq = Math.floor(told / FEW);
    const session_id = `few-${told++ % FEW}`;
    const kind = seq === STEPS - 1 ? 'SESSION_ENDED' : 'REASONING';
    return { ...event, tenant_id: 'few', session_id, seq, kind };
  });
  await seen(pulse, (look) => Object.values(heldIn(look)).every((held) => held === 0), 'the sessions do not expire');
  return {
    opened,
    held: heldIn(open),
    memoryMb: Object.fromEntries(Object.entries(open.processes).map(([name, { memoryMb }]) => [name, memoryMb])),
    goneAfterSeconds: Math.round((performance.now() - toldMs) / 100) / 10,
  };
}

function heldIn({ keys }: Look): Record<string, number> {
  return Object.fromEntries(SESSION_DETECTORS.map((name) => [name, keys[name] ?? 0]));
}

/** The first look begun from now on that is so. */
async function seen(pulse: Pulse, is: (look: Look) => boolean, missing: string): Promise<Look> {
  // One may be under way.
  const from = pulse.looks.length + 1;
  const found = (): Look | undefined => pulse.looks.slice(from).find(is);
  await waitFor(() => found() !== undefined, PATIENCE_MS);
  const look = found();
  if (look === undefined) throw drainTimedOut(PATIENCE_MS, missing);
  return look;
}
