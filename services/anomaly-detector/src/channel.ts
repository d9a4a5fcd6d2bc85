// One metric of one agent: gathers samples into blocks, scans the last day at every scale, and keeps the episode that is open.

import type { HistogramArrays, StateReader, StateWriter } from '@watchkeeper/schemas';
import {
  expireEpisode,
  growEpisode,
  openEpisode,
  readEpisode,
  writeEpisode,
  type Episode,
  type EpisodeNews,
} from './episode.js';
import type { Model } from './model.js';
import { HOUR_MICROS } from './options.js';
import { BlockRing, type Block } from './ring.js';
import { Tally } from './tally.js';

/** Sessions at once that make a block of one slot: they are witnesses enough that do not know of each other. */
const BLOCK_SESSIONS = 4;
/** Otherwise a block is a burst: until a pause, or until it has lasted so long and holds so many calls. */
export const PAUSE_MICROS = 120_000_000;
const BURST_MICROS = 60_000_000;
const BURST_CALLS = 6;
/** What a block weighs (in sessions) that goes on where the last one ended and brings no new session, per session at once. */
const MORE_OF_THE_SAME = 0.25;
/** What is seen after the warm-up becomes usual only after this time, so that slow growth does not teach itself. */
export const QUARANTINE_MICROS = 9 * HOUR_MICROS;
/** While a run stands out by this much, nothing younger than the ring is learnt. */
const DOUBT_Z = 3;
const NO_NEWS: readonly EpisodeNews[] = [];

export interface ChannelOptions {
  readonly threshold: number;
  readonly adoptMicros: number;
}

/** What a slot brings to a metric. */
export interface ChannelSample {
  readonly startMicros: number;
  readonly endMicros: number;
  /** Holds something. */
  readonly histogram: HistogramArrays;
  /** The most sessions at once. */
  readonly sessions: number;
  /** Sessions begun. */
  readonly fresh: number;
}

/** Invariant: while an episode is open the model learns nothing, so that an anomaly never becomes usual by itself. */
export class Channel {
  readonly model: Model;
  readonly #options: ChannelOptions;
  readonly #ring = new BlockRing();
  /** The block that is being filled. */
  readonly #tally = new Tally();
  #sessions = 0;
  #fresh = 0;
  /** The block goes on where the last one ended. */
  #continues = false;
  #startMicros = 0;
  #endMicros = 0;
  #episode: Episode | undefined;
  #z = 0;

  readonly #learn: (block: Block) => void;

  constructor(model: Model, options: ChannelOptions) {
    this.model = model;
    this.#options = options;
    this.#learn = (block) => {
      model.learn(block);
    };
  }

  get episode(): Episode | undefined {
    return this.#episode;
  }

  /** The highest z of any run that ends now, over the threshold: 1 fires. 0 while nothing can be judged. */
  get score(): number {
    return Math.max(0, this.#z / this.#options.threshold);
  }

  /** Takes what a slot brings. `warm` false: learn, but report nothing. */
  observe(sample: ChannelSample, warm: boolean): readonly EpisodeNews[] {
    const isApart = this.#tally.total > 0 && sample.startMicros - this.#endMicros >= PAUSE_MICROS;
    const ended = isApart ? this.pause(warm) : NO_NEWS;
    if (this.#tally.total === 0) this.#startMicros = sample.startMicros;
    this.#endMicros = sample.endMicros;
    this.#sessions = Math.max(this.#sessions, sample.sessions);
    this.#fresh += sample.fresh;
    this.#tally.add(sample.histogram);
    const isLong = this.#endMicros - this.#startMicros >= BURST_MICROS && this.#tally.total >= BURST_CALLS;
    if (!isLong && this.#sessions < BLOCK_SESSIONS) return ended;
    const news = this.#closeBlock(warm);
    this.#continues = true;
    return ended.length === 0 ? news : [...ended, ...news];
  }

  /** The agent pauses: what it did until now is a block. */
  pause(warm: boolean): readonly EpisodeNews[] {
    const news = this.#tally.total > 0 ? this.#closeBlock(warm) : NO_NEWS;
    this.#continues = false;
    return news;
  }

  /** The agent is gone: what is still open gets its last revision. */
  close(): EpisodeNews[] {
    const episode = this.#episode;
    this.#episode = undefined;
    return episode ? [expireEpisode(episode)] : [];
  }

  encode(writer: StateWriter): void {
    this.model.encode(writer);
    this.#ring.encode(writer);
    this.#tally.encode(writer);
    writer
      .int(this.#sessions)
      .int(this.#fresh)
      .bool(this.#continues)
      .int(this.#startMicros)
      .int(this.#endMicros)
      .double(this.#z)
      .bool(this.#episode !== undefined);
    if (this.#episode) writeEpisode(writer, this.#episode);
  }

  decode(reader: StateReader): void {
    this.model.decode(reader);
    this.#ring.decode(reader);
    this.#tally.decode(reader);
    this.#sessions = reader.int();
    this.#fresh = reader.int();
    this.#continues = reader.bool();
    this.#startMicros = reader.int();
    this.#endMicros = reader.int();
    this.#z = reader.double();
    if (reader.bool()) this.#episode = readEpisode(reader);
  }

  #closeBlock(warm: boolean): readonly EpisodeNews[] {
    const block = this.model.blockOf({
      startMicros: this.#startMicros,
      endMicros: this.#endMicros,
      sessions: this.#continues
        ? Math.max(this.#fresh, MORE_OF_THE_SAME * this.#sessions)
        : Math.max(1, this.#fresh, this.#sessions),
      tally: this.#tally,
    });
    this.#tally.clear();
    this.#sessions = 0;
    this.#fresh = 0;
    if (!this.model.ready) {
      this.model.learn(block);
      return NO_NEWS;
    }
    this.#ring.push(block, this.#episode ? forget : this.#learn);
    return this.#episode ? this.#grow(this.#episode, block) : this.#scan(block, warm);
  }

  /** Looks at every run of blocks that ends now. */
  #scan(block: Block, warm: boolean): readonly EpisodeNews[] {
    const { model } = this;
    const ring = this.#ring;
    const run = { startMicros: 0, endMicros: block.endMicros, count: 0, weight: 0, sum: 0, rawSum: 0 };
    let best: { at: number; run: Block } | undefined;
    this.#z = 0;
    for (let at = ring.size - 1; at >= 0; at--) {
      ring.addTo(run, at);
      if (!model.matters(run)) continue;
      const { z } = model.judge(run);
      if (z <= this.#z) continue;
      this.#z = z;
      best = { at, run: { ...run } };
    }
    if (!warm) {
      model.learn(block);
      ring.markNewestLearnt();
      return NO_NEWS;
    }
    if (!best || this.#z < this.#options.threshold) {
      if (this.#z < DOUBT_Z) ring.learnUntil(block.endMicros - QUARANTINE_MICROS, this.#learn);
      return NO_NEWS;
    }
    ring.dropFirst(best.at);
    const episode = openEpisode(ring.blocks(), best.run, model.judge(best.run), model);
    this.#episode = episode;
    return [{ kind: 'open', episode }];
  }

  #grow(episode: Episode, block: Block): readonly EpisodeNews[] {
    const news = growEpisode(episode, block, this.#ring, this.model, this.#options.adoptMicros);
    const last = news.at(-1);
    if (last?.kind !== 'closed') return news;
    if (last.why === 'adopted') this.model.adopt(episode.run);
    this.#episode = undefined;
    this.#ring.clear();
    this.#z = 0;
    return news;
  }
}

/** What leaves the ring during an episode is never learnt. */
function forget(): void {
  // Nothing is the point.
}
