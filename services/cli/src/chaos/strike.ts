// Carries a plan out: each fault at its time, those of one resource one after the other, each counted only if it has hit.

import { sleep } from '@watchkeeper/runtime';
import type { Injector } from './injectors/injector.js';
import type { LagWatch } from './lag-watch.js';
import type { Fault, FaultKind } from './plan.js';
import type { Rig } from './rig.js';

/** A fault that is over. */
export interface Struck {
  readonly fault: Fault;
  readonly proof: string | undefined;
  readonly recoverySeconds: number;
}

export interface StrikeOptions {
  readonly rig: Rig;
  readonly faults: readonly Fault[];
  readonly injectors: ReadonlyMap<FaultKind, Injector>;
  readonly lag: Pick<LagWatch, 'recoveredSince'>;
  readonly say: (line: string) => void;
}

/** Resolves when every fault is over; the lag may still be to come back, see `recoveries`. */
export async function strikeAll(options: StrikeOptions): Promise<{ recoveries: Promise<Struck[]> }> {
  const { rig, faults, injectors, lag, say } = options;
  const startedMs = performance.now();
  const busy = new Map<string, Promise<unknown>>();
  const recoveries: Promise<Struck>[] = [];

  async function strike(fault: Fault): Promise<void> {
    const injector = injectors.get(fault.kind);
    if (injector === undefined) throw new RangeError(`nothing brings about ${fault.kind}`);
    const { proof, endedMs } = await injector.inject(rig, fault).catch((error: unknown) => {
      say(`  ${fault.kind} failed: ${String(error)}`);
      return { proof: undefined, endedMs: performance.now() };
    });
    say(
      `  ${fault.atSeconds.toFixed(0).padStart(4)} s  ${fault.kind}: ${proof ?? 'not seen to have hit, not counted'}`,
    );
    recoveries.push(lag.recoveredSince(endedMs).then((recoverySeconds) => ({ fault, proof, recoverySeconds })));
  }

  for (const fault of faults) {
    await sleep(fault.atSeconds * 1_000 - (performance.now() - startedMs), rig.signal);
    if (rig.signal.aborted) break;
    const resource = injectors.get(fault.kind)?.resource(rig, fault) ?? fault.kind;
    const before = busy.get(resource) ?? Promise.resolve();
    busy.set(
      resource,
      before.then(() => strike(fault)),
    );
  }
  await Promise.all(busy.values());
  return { recoveries: Promise.all(recoveries) };
}
