// One loop is one episode: it opens, its revision rises as it grows, and it closes when the agent gets out.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { Place } from './step.js';
import { readPlace, writePlace } from './visits.js';
import { readBurn, writeBurn, type Burn } from './waste.js';

/** Repeated calls, repeated instructions, a text that chants. */
export const loopKinds = ['repeat', 'instruction', 'chant'] as const;
export type LoopKind = (typeof loopKinds)[number];

const LIKENESSES = ['none', 'exact', 'same_result', 'reworded'] as const;
const GROWTH = 1.6;
const KEPT_SEQS = 12;
const KEPT_TOOLS = 4;

/** What a signal found at one event. */
export interface Finding {
  readonly first: Place;
  readonly here: Place;
  readonly rounds: number;
  readonly period: number;
  readonly tools: readonly string[];
  /** Seqs of the like steps, the latest last. */
  readonly seqs: readonly number[];
  readonly likeness: (typeof LIKENESSES)[number];
  readonly failed: boolean;
  readonly similarity: number;
  readonly novelty: number;
  readonly responsiveness: number;
  readonly score: number;
  readonly threshold: number;
  readonly beforeSecond: Burn;
  readonly burn: Burn;
}

/** A loop so far. `open` is whether the agent is in it, `told` what was last said about it. */
export interface Episode extends Finding {
  readonly revision: number;
  readonly open: boolean;
  readonly toldOpen: boolean;
  readonly toldRounds: number;
  /** Rounds from which the next revision is due. */
  readonly nextRounds: number;
  /** Steps since the last one that belonged to the loop. */
  readonly quietSteps: number;
}

/** An episode after an event, and whether it has a new revision to tell. */
export interface Turn {
  readonly episode: Episode;
  readonly tell: boolean;
}

/** The finding continues the episode: it began before the episode's last evidence. */
export function continues(episode: Episode, finding: Finding): boolean {
  return finding.first.seq <= episode.here.seq;
}

/** A new episode; its first revision is told at once. */
export function openEpisode(finding: Finding): Turn {
  return { episode: begunBy(finding), tell: true };
}

/** More of the same. A revision is told each time the rounds have grown by a factor, so that an endless loop does not flood. */
export function growEpisode(episode: Episode, finding: Finding): Turn {
  // A trail that is older than the episode counts visits that are not the episode's.
  const rounds = finding.first.seq < episode.first.seq ? episode.rounds + 1 : Math.max(episode.rounds, finding.rounds);
  const tell = rounds >= episode.nextRounds;
  const grown = begunBy(finding);
  grown.first = episode.first;
  grown.beforeSecond = episode.beforeSecond;
  grown.rounds = rounds;
  grown.period = Math.max(episode.period, finding.period);
  if (finding.period < episode.period) grown.tools = episode.tools;
  grown.score = Math.max(episode.score, finding.score);
  grown.revision = tell ? episode.revision + 1 : episode.revision;
  grown.toldOpen = tell || episode.toldOpen;
  grown.toldRounds = tell ? rounds : episode.toldRounds;
  grown.nextRounds = tell ? nextRounds(rounds) : episode.nextRounds;
  return { episode: grown, tell };
}

/** The episode as if it began with this finding. Field by field: a spread costs ten times as much. */
function begunBy(finding: Finding): { -readonly [Field in keyof Episode]: Episode[Field] } {
  const { rounds } = finding;
  return {
    first: finding.first,
    here: finding.here,
    rounds,
    period: finding.period,
    tools: finding.tools.slice(-KEPT_TOOLS),
    seqs: finding.seqs.slice(-KEPT_SEQS),
    likeness: finding.likeness,
    failed: finding.failed,
    similarity: finding.similarity,
    novelty: finding.novelty,
    responsiveness: finding.responsiveness,
    score: finding.score,
    threshold: finding.threshold,
    beforeSecond: finding.beforeSecond,
    burn: finding.burn,
    revision: 1,
    open: true,
    toldOpen: true,
    toldRounds: rounds,
    nextRounds: nextRounds(rounds),
    quietSteps: 0,
  };
}

/** A step that does not belong to the loop. */
export function quietEpisode(episode: Episode): Turn {
  const quietSteps = episode.quietSteps + 1;
  // A whole round and one more step in which nothing was repeated: one noisy step per round is forgiven.
  if (quietSteps > episode.period) return closeEpisode(episode);
  return { episode: { ...episode, quietSteps }, tell: false };
}

/** The agent got out. Told where the last revision said that it was in. */
export function closeEpisode(episode: Episode): Turn {
  const tell = episode.toldOpen;
  return {
    episode: {
      ...episode,
      open: false,
      toldOpen: false,
      revision: tell ? episode.revision + 1 : episode.revision,
      toldRounds: tell ? episode.rounds : episode.toldRounds,
    },
    tell,
  };
}

/** The session is over: the last word, also where the loop grew silently after its close was told. */
export function endEpisode(episode: Episode): Turn {
  return closeEpisode(episode.rounds > episode.toldRounds ? { ...episode, toldOpen: true } : episode);
}

const nextRounds = (rounds: number): number => Math.max(rounds + 1, Math.floor(rounds * GROWTH + 0.5));

export function writeEpisode(out: StateWriter, episode: Episode): void {
  writePlace(out, episode.first);
  writePlace(out, episode.here);
  out.int(episode.rounds).int(episode.period);
  out.list(episode.tools, (tool) => out.text(tool));
  out.list(episode.seqs, (seq) => out.int(seq));
  out.byte(LIKENESSES.indexOf(episode.likeness)).bool(episode.failed);
  out.double(episode.similarity).double(episode.novelty).double(episode.responsiveness);
  out.double(episode.score).double(episode.threshold);
  writeBurn(out, episode.beforeSecond);
  writeBurn(out, episode.burn);
  out.int(episode.revision).bool(episode.open).bool(episode.toldOpen);
  out.int(episode.toldRounds).int(episode.nextRounds).int(episode.quietSteps);
}

export function readEpisode(from: StateReader): Episode {
  return {
    first: readPlace(from),
    here: readPlace(from),
    rounds: from.int(),
    period: from.int(),
    tools: from.list(() => from.text()),
    seqs: from.list(() => from.int()),
    likeness: LIKENESSES[from.byte()] ?? 'none',
    failed: from.bool(),
    similarity: from.double(),
    novelty: from.double(),
    responsiveness: from.double(),
    score: from.double(),
    threshold: from.double(),
    beforeSecond: readBurn(from),
    burn: readBurn(from),
    revision: from.int(),
    open: from.bool(),
    toldOpen: from.bool(),
    toldRounds: from.int(),
    nextRounds: from.int(),
    quietSteps: from.int(),
  };
}
