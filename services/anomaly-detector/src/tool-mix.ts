// The tools of one agent: gathers stretches of work, compares every run of them that ends now with what is usual, and keeps the change that goes on.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import { PAUSE_MICROS, QUARANTINE_MICROS } from './channel.js';
import { addTo, copyOf, emptyRun, MixModel, readRun, writeRun, type MixRun, type ToolChange } from './mix-model.js';
import { HOUR_MICROS } from './options.js';
import type { Slot } from './pending.js';

/**
 * A stretch of work ends at a pause, or when a session begins after so many calls of tools: one long session is one stretch. What is called
 * once or forty times in it counts the same, or a single loop would be a change.
 */
const STRETCH_CALLS = 12;
const MOST_STRETCHES = 48;
const RING_MICROS = 24 * HOUR_MICROS;
/** Shorter runs say nothing: a turn of a day's work looks like it. */
const LEAST_RUN = 6;
/** Any tool may change, in any run: more is asked than of one level. */
const ASKED_MORE = 1.5;
const DOUBT_Z = 3;
/** A change is over when so many stretches in a row are as usual. */
const CALM_RUN = 8;
const CALM_Z = 1.5;

interface Stretch {
  readonly startMicros: number;
  readonly endMicros: number;
  /** A bit for each tool that was called. */
  mask: number;
  isLearnt: boolean;
}

/** Other tools than usual, that go on or have just gone. */
export interface MixEpisode {
  readonly anchorMicros: number;
  untilMicros: number;
  z: number;
  revision: number;
  readonly run: MixRun;
  /** Stretches as last told. */
  told: number;
  /** As told last: what is usual may be something else by the end. */
  changes: readonly ToolChange[];
}

export interface MixNews {
  readonly kind: 'open' | 'grown' | 'closed';
  readonly why: '' | 'usual again' | 'adopted' | 'expired';
  readonly episode: MixEpisode;
}

export interface MixOptions {
  readonly threshold: number;
  readonly adoptMicros: number;
}

const NO_NEWS: readonly MixNews[] = [];

/** Invariant: while a change goes on the model learns nothing. */
export class ToolMix {
  readonly #model = new MixModel();
  readonly #threshold: number;
  readonly #adoptMicros: number;
  readonly #ring: Stretch[] = [];
  /** The stretch that is being gathered. */
  #mask = 0;
  #calls = 0;
  #startMicros = 0;
  #endMicros = 0;
  #episode: MixEpisode | undefined;
  #z = 0;

  constructor({ threshold, adoptMicros }: MixOptions) {
    this.#threshold = threshold + ASKED_MORE;
    this.#adoptMicros = adoptMicros;
  }

  get threshold(): number {
    return this.#threshold;
  }

  /** The highest z of any run that ends now, over the threshold: 1 fires. */
  get score(): number {
    return Math.max(0, this.#z / this.#threshold);
  }

  /** Calls of tools by name in a slot, which may be empty. `isWarm` false: learn, but report nothing. */
  observe(
    tools: ReadonlyMap<string, number>,
    { startMicros, endMicros, sessionsStarted }: Pick<Slot, 'startMicros' | 'endMicros' | 'sessionsStarted'>,
    isWarm: boolean,
  ): readonly MixNews[] {
    const isApart = startMicros - this.#endMicros >= PAUSE_MICROS;
    const isNext = this.#calls >= STRETCH_CALLS && sessionsStarted > 0;
    const before = isApart || isNext ? this.pause(isWarm) : NO_NEWS;
    if (tools.size === 0) return before;
    if (this.#calls === 0) this.#startMicros = startMicros;
    this.#endMicros = endMicros;
    // In the order of names: which place a new one gets must not depend on which partition spoke first.
    for (const name of [...tools.keys()].sort()) {
      this.#calls += tools.get(name) ?? 0;
      this.#mask |= this.#bitOf(name);
    }
    return before;
  }

  /** The stretch of work is over. */
  pause(isWarm: boolean): readonly MixNews[] {
    if (this.#calls === 0) return NO_NEWS;
    const stretch = { startMicros: this.#startMicros, endMicros: this.#endMicros, mask: this.#mask, isLearnt: false };
    this.#mask = 0;
    this.#calls = 0;
    if (!this.#model.isReady) {
      this.#model.learn(stretch.mask, stretch.startMicros, stretch.endMicros);
      return NO_NEWS;
    }
    this.#push(stretch);
    return this.#episode ? this.#grow(this.#episode, stretch) : this.#scan(stretch, isWarm);
  }

  /** The agent is gone. */
  close(): readonly MixNews[] {
    const episode = this.#episode;
    this.#episode = undefined;
    return episode ? [tell(episode, 'closed', 'expired')] : NO_NEWS;
  }

  encode(writer: StateWriter): void {
    this.#model.encode(writer);
    writer.list(this.#ring, ({ startMicros, endMicros, mask, isLearnt }) =>
      writer
        .int(startMicros)
        .int(endMicros - startMicros)
        .int(mask)
        .bool(isLearnt),
    );
    writer.int(this.#mask).int(this.#calls).int(this.#startMicros).int(this.#endMicros).double(this.#z);
    writer.bool(this.#episode !== undefined);
    if (!this.#episode) return;
    const { anchorMicros, untilMicros, z, revision, run, told, changes } = this.#episode;
    writer.int(anchorMicros).int(untilMicros).double(z).int(revision).int(told);
    writeRun(writer, run);
    writer.list(changes, ({ tool, share, usual }) => writer.text(tool).double(share).double(usual));
  }

  decode(reader: StateReader): void {
    this.#model.decode(reader);
    for (let left = reader.int(); left > 0; left--) {
      const startMicros = reader.int();
      const endMicros = startMicros + reader.int();
      this.#ring.push({ startMicros, endMicros, mask: reader.int(), isLearnt: reader.bool() });
    }
    this.#mask = reader.int();
    this.#calls = reader.int();
    this.#startMicros = reader.int();
    this.#endMicros = reader.int();
    this.#z = reader.double();
    if (!reader.bool()) return;
    const episode = {
      anchorMicros: reader.int(),
      untilMicros: reader.int(),
      z: reader.double(),
      revision: reader.int(),
      told: reader.int(),
      run: emptyRun(),
    };
    readRun(reader, episode.run);
    const changes = reader.list(() => ({ tool: reader.text(), share: reader.double(), usual: reader.double() }));
    this.#episode = { ...episode, changes };
  }

  #bitOf(name: string): number {
    const known = this.#model.placeOf(name);
    const place = known >= 0 ? known : this.#newPlace(name);
    return place < 0 ? 0 : 1 << place;
  }

  /** A new tool may get the place of a rare one, whose stretches then show nothing of either. */
  #newPlace(name: string): number {
    const unlearnt = emptyRun();
    for (const { mask, startMicros, isLearnt } of this.#ring) if (!isLearnt) addTo(unlearnt, mask, startMicros);
    const place = this.#model.newPlace(name, unlearnt);
    if (place >= 0) for (const stretch of this.#ring) stretch.mask &= ~(1 << place);
    return place;
  }

  /** Into the ring; what is a day old, or too many, leaves it and is usual unless a change goes on. */
  #push(stretch: Stretch): void {
    this.#ring.push(stretch);
    for (;;) {
      const [oldest] = this.#ring;
      if (!oldest) return;
      const isOld = stretch.endMicros - oldest.endMicros > RING_MICROS || this.#ring.length > MOST_STRETCHES;
      if (!isOld) return;
      this.#ring.shift();
      if (!oldest.isLearnt && !this.#episode) this.#model.learn(oldest.mask, oldest.startMicros, oldest.endMicros);
    }
  }

  #scan(stretch: Stretch, isWarm: boolean): readonly MixNews[] {
    const ring = this.#ring;
    const run = emptyRun();
    let best: { at: number; run: MixRun; changes: readonly ToolChange[] } | undefined;
    this.#z = 0;
    for (let at = ring.length - 1; at >= 0; at--) {
      const one = ring[at];
      if (one) addTo(run, one.mask, one.startMicros);
      if (run.stretches < LEAST_RUN) continue;
      const z = this.#model.z(run);
      if (z <= this.#z) continue;
      const changes = this.#model.changes(run);
      if (changes.length === 0) continue;
      this.#z = z;
      best = { at, run: copyOf(run), changes };
    }
    if (!isWarm) {
      this.#learn(stretch);
      return NO_NEWS;
    }
    if (!best || this.#z < this.#threshold) {
      if (this.#z < DOUBT_Z) {
        for (const old of ring) if (old.endMicros <= stretch.endMicros - QUARANTINE_MICROS) this.#learn(old);
      }
      return NO_NEWS;
    }
    this.#ring.splice(0, best.at);
    this.#episode = {
      anchorMicros: this.#ring[0]?.startMicros ?? stretch.startMicros,
      untilMicros: stretch.endMicros,
      z: this.#z,
      revision: 0,
      run: best.run,
      told: 0,
      changes: best.changes,
    };
    return [tell(this.#episode, 'open')];
  }

  #grow(episode: MixEpisode, stretch: Stretch): readonly MixNews[] {
    const recent = emptyRun();
    for (const { mask, startMicros } of this.#ring.slice(-CALM_RUN)) addTo(recent, mask, startMicros);
    if (recent.stretches >= CALM_RUN && this.#model.z(recent) < CALM_Z) return this.#end(episode, 'usual again');
    addTo(episode.run, stretch.mask, stretch.startMicros);
    episode.untilMicros = stretch.endMicros;
    episode.z = Math.max(episode.z, this.#model.z(episode.run));
    const changes = this.#model.changes(episode.run);
    if (changes.length > 0) episode.changes = changes;
    if (stretch.endMicros - episode.anchorMicros >= this.#adoptMicros) {
      this.#model.adopt(episode.run);
      return this.#end(episode, 'adopted');
    }
    return episode.run.stretches >= 2 * episode.told ? [tell(episode, 'grown')] : NO_NEWS;
  }

  #end(episode: MixEpisode, why: 'usual again' | 'adopted'): readonly MixNews[] {
    this.#episode = undefined;
    this.#ring.length = 0;
    this.#z = 0;
    return [tell(episode, 'closed', why)];
  }

  #learn(stretch: Stretch): void {
    if (stretch.isLearnt) return;
    stretch.isLearnt = true;
    this.#model.learn(stretch.mask, stretch.startMicros, stretch.endMicros);
  }
}

function tell(episode: MixEpisode, kind: MixNews['kind'], why: MixNews['why'] = ''): MixNews {
  episode.revision++;
  episode.told = episode.run.stretches;
  return { kind, why, episode };
}
