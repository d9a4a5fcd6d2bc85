// watchkeeper replay: trace files into agent.events.

import { parseSpeed, replay as replayFiles } from '../replay/index.js';
import { findKafka } from '../stack/backends.js';
import { placeOf } from '../stack/environment.js';
import { withEventSource } from '../stack/event-source.js';
import { stopSignal } from '../stack/signals.js';

export interface ReplayFlags {
  readonly dataDir: string;
  readonly speed: string;
  readonly seed: string;
}

/** Prints how much was sent. Throws on a malformed line before anything is sent. */
export async function replay(paths: readonly string[], flags: ReplayFlags): Promise<void> {
  const speed = parseSpeed(flags.speed);
  const brokers = await findKafka(process.env, flags.dataDir);
  const signal = stopSignal();
  const report = await withEventSource(brokers, placeOf(process.env), signal, (source) =>
    replayFiles({ ...source, paths, seed: flags.seed, speed, signal }),
  );
  process.stdout.write(`${report.events} events of ${report.sessions} sessions from ${report.files} files\n`);
}
