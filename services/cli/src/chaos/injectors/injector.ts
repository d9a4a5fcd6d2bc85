// What brings a kind of fault about.

import { sleep } from '@watchkeeper/runtime';
import { waitFor } from '../../stack/wait.js';
import type { Fault, FaultKind } from '../plan.js';
import type { Rig } from '../rig.js';

/** How a fault went. */
export interface Hit {
  /** What shows that it has hit; undefined where nothing does. */
  readonly proof: string | undefined;
  /** When it was over, by performance.now(). */
  readonly endedMs: number;
}

export interface Injector {
  readonly kind: FaultKind;
  /** Two faults of one resource come one after the other, others may overlap. */
  resource(rig: Rig, fault: Fault): string;
  /** Why it cannot be had on this machine; undefined where it can. */
  unavailable?(rig: Pick<Rig, 'disk'>): string | undefined;
  inject(rig: Rig, fault: Fault): Promise<Hit>;
}

/**
 * Where events of the year 2100 go. The fleet's time is pressed, hours behind the broker's: a clock that runs ahead carries its partition's watermark to
 * the present, and what the fleet sends there afterwards is late. One partition's share of the fleet is enough to see that it is counted.
 */
export const WILD_PARTITION = 0;

/** Beyond its time, a fault waits so long for something to hit: a backend may be away for another reason just then. */
const LONGEST_WAIT_MS = 90_000;

/** Holds a fault for its time, and for longer where it has hit nothing yet. */
export async function holdUntilHit(fault: Fault, hits: () => number): Promise<void> {
  await sleep(fault.holdSeconds * 1_000);
  await waitFor(() => hits() > 0, LONGEST_WAIT_MS);
}

/** The hit of a fault that ends now. */
export function hitNow(count: number, what: string): Hit {
  return { proof: count > 0 ? `${count} ${what}` : undefined, endedMs: performance.now() };
}
