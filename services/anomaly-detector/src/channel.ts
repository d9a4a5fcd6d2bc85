// One metric of one agent: gathers samples into blocks, scans the last day at every scale, and keeps the episode that is open.

import { addToHistogram, type Histogram, type StateReader, type StateWriter } from '@watchkeeper/schemas';
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
import { pushBlock, readBlock, writeBlock, type Block } from './ring.js';

/** Sessions at once that make a block of one slot: they are witnesses enough that do not know of each other. */
const BLOCK_SESSIONS = 4;
/** Otherwise a block is a burst: until a pause, or until it has lasted so long and holds so many calls. */
export const PAUSE_MICROS = 120_000_000;
const BURST_MICROS = 60_000_000;
const BURST_CALLS = 6;
/** What a block weighs (in sessions) that goes on where the last one ended and brings no new session, per session at once. */
const MORE_OF_THE_SAME = 0.25;
/** What is seen after the warm-up becomes usual only after this time, so that slow growth does not teach itself. */
const QUARANTINE_MICROS = 9 * HOUR_MICROS;
/** While a run stands out by this much, nothing younger than the ring is learnt. */
const DOUBT_Z = 3;

export interface ChannelOptions {
  readonly threshold: number;
  readonly adoptMicros: number;
}

/** What a slot brings to a metric. */
export interface ChannelSample {
  readonly startMicros: number;
  readonly endMicros: number;
  readonly histogram: ReadonlyMap<number, number>;
  /** The most sessions at once. */
  readonly sessions: number;
  /** Sessions begun. */
  readonly fresh: number;
}

/** Invariant: while an episode is open the model learns nothing, so that an anomaly never becomes usual by itself. */
export class Channel {
  readonly model: Model;
  readonly #options: ChannelOptions;
  readonly #ring: Block[] = [];
  /** The block that is being filled. */
  #histogram: Histogram = new Map();
  #count = 0;
  #sessions = 0;
  #fresh = 0;
  /** The block goes on where the last one ended. */
  #continues = false;
  #startMicros = 0;
  #endMicros = 0;
  #episode: Episode | undefined;
  #z = 0;

  constructor(model: Model, options: ChannelOptions) {
    this.model = model;
    this.#options = options;
  }

  get episode(): Episode | undefined {
    return this.#episode;
  }

  /** The highest z of any run that ends now, over the threshold: 1 fires. 0 while nothing can be judged. */
  get score(): number {
    return Math.max(0, this.#z / this.#options.threshold);
  }

  /** Takes what a slot brings. `warm` false: learn, but report nothing. */
  observe(sample: ChannelSample, warm: boolean): EpisodeNews[] {
    if (sample.histogram.size === 0) return [];
    const news: EpisodeNews[] = [];
    if (this.#count > 0 && sample.startMicros - this.#endMicros >= PAUSE_MICROS) news.push(...this.pause(warm));
    if (this.#count === 0) this.#startMicros = sample.startMicros;
    this.#endMicros = sample.endMicros;
    this.#sessions = Math.max(this.#sessions, sample.sessions);
    this.#fresh += sample.fresh;
    for (const [bucket, count] of sample.histogram) {
      addToHistogram(this.#histogram, bucket, count);
      this.#count += count;
    }
    const isLong = this.#endMicros - this.#startMicros >= BURST_MICROS && this.#count >= BURST_CALLS;
    if (isLong || this.#sessions >= BLOCK_SESSIONS) {
      this.#closeBlock(warm, news);
      this.#continues = true;
    }
    return news;
  }

  /** The agent pauses: what it did until now is a block. */
  pause(warm: boolean): EpisodeNews[] {
    const news: EpisodeNews[] = [];
    if (this.#count > 0) this.#closeBlock(warm, news);
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
    writer.list(this.#ring, (block) => {
      writeBlock(writer, block);
    });
    writer.list([...this.#histogram], ([bucket, count]) => writer.int(bucket).int(count));
    writer
      .int(this.#count)
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
    this.#ring.push(...reader.list(() => readBlock(reader)));
    this.#histogram = new Map(reader.list(() => [reader.int(), reader.int()] as const));
    this.#count = reader.int();
    this.#sessions = reader.int();
    this.#fresh = reader.int();
    this.#continues = reader.bool();
    this.#startMicros = reader.int();
    this.#endMicros = reader.int();
    this.#z = reader.double();
    if (reader.bool()) this.#episode = readEpisode(reader);
  }

  #closeBlock(warm: boolean, news: EpisodeNews[]): void {
    const block = this.model.blockOf({
      startMicros: this.#startMicros,
      endMicros: this.#endMicros,
      sessions: this.#continues
        ? Math.max(this.#fresh, MORE_OF_THE_SAME * this.#sessions)
        : Math.max(1, this.#fresh, this.#sessions),
      histogram: this.#histogram,
    });
    this.#histogram = new Map();
    this.#count = 0;
    this.#sessions = 0;
    this.#fresh = 0;
    if (!this.model.ready) {
      this.model.learn(block);
      return;
    }
    for (const old of pushBlock(this.#ring, block)) if (!old.learnt && !this.#episode) this.model.learn(old);
    if (this.#episode) this.#grow(this.#episode, block, news);
    else this.#scan(block, warm, news);
  }

  #scan(block: Block, warm: boolean, news: EpisodeNews[]): void {
    const ring = this.#ring;
    // One object for all runs that end now: they are judged, not kept.
    const run = { ...block, count: 0, weight: 0, sum: 0, rawSum: 0 };
    let best: { at: number; run: Block } | undefined;
    this.#z = 0;
    for (let at = ring.length - 1; at >= 0; at--) {
      const older = ring[at];
      if (!older) break;
      run.startMicros = older.startMicros;
      run.count += older.count;
      run.weight += older.weight;
      run.sum += older.sum;
      run.rawSum += older.rawSum;
      const verdict = this.model.judge(run);
      if (!verdict.matters || verdict.z <= this.#z) continue;
      this.#z = verdict.z;
      best = { at, run: { ...run } };
    }
    if (!warm) {
      this.model.learn(block);
      ring[ring.length - 1] = { ...block, learnt: true };
      return;
    }
    if (!best || this.#z < this.#options.threshold) {
      if (this.#z < DOUBT_Z) this.#learnOlderThan(block.endMicros - QUARANTINE_MICROS);
      return;
    }
    ring.splice(0, best.at);
    const episode = openEpisode(ring, best.run, this.model.judge(best.run), this.model);
    this.#episode = episode;
    news.push({ kind: 'open', episode });
  }

  #learnOlderThan(micros: number): void {
    this.#ring.forEach((block, at) => {
      if (block.learnt || block.endMicros > micros) return;
      this.model.learn(block);
      this.#ring[at] = { ...block, learnt: true };
    });
  }

  #grow(episode: Episode, block: Block, news: EpisodeNews[]): void {
    const grown = growEpisode(episode, block, this.#ring, this.model, this.#options.adoptMicros);
    news.push(...grown);
    const last = grown.at(-1);
    if (last?.kind !== 'closed') return;
    if (last.why === 'adopted') this.model.adopt(episode.run);
    this.#episode = undefined;
    this.#ring.length = 0;
    this.#z = 0;
  }
}
