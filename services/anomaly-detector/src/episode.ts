// One episode of one metric: when it opens, what kind it is, how it grows, when it is over.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { Model, Verdict } from './model.js';
import { HOUR_MICROS, type AnomalyKind } from './options.js';
import { joinBlocks, readBlock, writeBlock, type Block, type BlockRing } from './ring.js';

/** An anomaly that goes on, or has just ended. */
export interface Episode {
  kind: AnomalyKind;
  /** Frozen when it first fires. */
  readonly anchorMicros: number;
  /** What was seen of it, from its first block to its last one that was out of the usual. */
  run: Block;
  /** How sure it was at its height. */
  z: number;
  peakRatio: number;
  /** The usual value when it began, in the metric's unit. */
  readonly usual: number;
  revision: number;
  /** Blocks in a row that looked as usual. */
  calm: number;
  /** Duration and ratio as last told. */
  toldMicros: number;
  toldRatio: number;
}

/** What there is to tell. */
export type EpisodeNews =
  | { kind: 'open' | 'grown'; episode: Episode }
  | { kind: 'closed'; episode: Episode; why: 'usual again' | 'lasting' | 'adopted' | 'expired' };

const SPIKE_MICROS = 2.5 * HOUR_MICROS;
const CALM_BLOCKS = 2;
const RECENT_COUNT = 8;
/** Below this share of its height (as a rise of the ratio) an episode counts as calm. */
const CALM_SHARE = 0.35;
const CALM_Z = 1.5;

/** The shape of what the blocks show. A rise that is still young is called a spike: time will tell. */
export function shapeOf(blocks: readonly Block[], model: Model): AnomalyKind {
  const first = blocks[0];
  const last = blocks.at(-1);
  if (!first || !last || last.endMicros - first.startMicros < SPIKE_MICROS) return 'anomaly.spike';
  const total = blocks.reduce((sum, block) => sum + block.weight, 0);
  let early: Block | undefined;
  let late: Block | undefined;
  let weight = 0;
  for (const block of blocks) {
    if (weight < total / 2) early = early ? joinBlocks(early, block) : block;
    else late = late ? joinBlocks(late, block) : block;
    weight += block.weight;
  }
  if (!early || !late) return 'anomaly.level_shift';
  const [before, after] = [model.judge(early).ratio, model.judge(late).ratio];
  return after > 1.3 * before && Math.log(Math.max(1, before)) < 0.65 * Math.log(after)
    ? 'anomaly.slow_growth'
    : 'anomaly.level_shift';
}

/** An episode that has just fired on `blocks`, whose joint verdict is `verdict`. */
export function openEpisode(blocks: readonly Block[], run: Block, verdict: Verdict, model: Model): Episode {
  return {
    kind: shapeOf(blocks, model),
    anchorMicros: run.startMicros,
    run,
    z: verdict.z,
    peakRatio: verdict.ratio,
    usual: model.usualAt(run.startMicros),
    revision: 1,
    calm: 0,
    toldMicros: run.endMicros - run.startMicros,
    toldRatio: verdict.ratio,
  };
}

/** Takes the newest block into account; `recent` holds the blocks since the episode began. */
export function growEpisode(
  episode: Episode,
  block: Block,
  recent: BlockRing,
  model: Model,
  adoptMicros: number,
): EpisodeNews[] {
  const now = model.judge(recent.latest(RECENT_COUNT));
  const isCalm = now.z < CALM_Z || now.ratio - 1 < CALM_SHARE * (episode.peakRatio - 1);
  if (isCalm) {
    if (++episode.calm < CALM_BLOCKS) return [];
    return [close(episode, 'usual again')];
  }
  episode.calm = 0;
  episode.run = joinBlocks(episode.run, block);
  const whole = model.judge(episode.run);
  episode.z = Math.max(episode.z, whole.z);
  episode.peakRatio = Math.max(episode.peakRatio, now.ratio);
  const lastedMicros = block.endMicros - episode.anchorMicros;
  if (lastedMicros >= adoptMicros) return [close(episode, 'adopted')];
  if (episode.kind === 'anomaly.spike' && lastedMicros >= SPIKE_MICROS) return lasting(episode, recent, model);
  if (whole.ratio < 1.25 * episode.toldRatio && lastedMicros < 2 * Math.max(HOUR_MICROS, episode.toldMicros)) return [];
  return [tell(episode, whole.ratio)];
}

/** The last revision of what is still open. */
export function expireEpisode(episode: Episode): EpisodeNews {
  return close(episode, 'expired');
}

/** A spike that has not gone away is another kind of thing, and has an id of its own; the anchor stays. */
function lasting(episode: Episode, recent: BlockRing, model: Model): EpisodeNews[] {
  const closed = close({ ...episode }, 'lasting');
  const shape = shapeOf(recent.blocks(), model);
  episode.kind = shape === 'anomaly.spike' ? 'anomaly.level_shift' : shape;
  episode.revision = 0;
  return [closed, { ...tell(episode, model.judge(episode.run).ratio), kind: 'open' }];
}

function tell(episode: Episode, ratio: number): { kind: 'grown'; episode: Episode } {
  episode.revision++;
  episode.toldMicros = episode.run.endMicros - episode.run.startMicros;
  episode.toldRatio = ratio;
  return { kind: 'grown', episode };
}

function close(episode: Episode, why: 'usual again' | 'lasting' | 'adopted' | 'expired'): EpisodeNews {
  episode.revision++;
  return { kind: 'closed', episode, why };
}

const KINDS: readonly AnomalyKind[] = [
  'anomaly.spike',
  'anomaly.level_shift',
  'anomaly.slow_growth',
  'anomaly.silence',
];

export function writeEpisode(writer: StateWriter, episode: Episode): void {
  writer.byte(KINDS.indexOf(episode.kind)).int(episode.anchorMicros);
  writeBlock(writer, episode.run);
  writer.double(episode.z).double(episode.peakRatio).double(episode.usual).int(episode.revision).int(episode.calm);
  writer.int(episode.toldMicros).double(episode.toldRatio);
}

export function readEpisode(reader: StateReader): Episode {
  return {
    kind: KINDS[reader.byte()] ?? 'anomaly.spike',
    anchorMicros: reader.int(),
    run: readBlock(reader),
    z: reader.double(),
    peakRatio: reader.double(),
    usual: reader.double(),
    revision: reader.int(),
    calm: reader.int(),
    toldMicros: reader.int(),
    toldRatio: reader.double(),
  };
}
