// All that the detector keeps of a session, bounded, and its bytes.

import { StateReader, StateWriter, tupleParts } from '@watchkeeper/schemas';
import { readEpisode, readMark, writeEpisode, writeMark, type Episode, type Mark, type Subject } from './episode.js';
import { Passages } from './memory/passages.js';
import { TokenTable } from './memory/token-table.js';
import { ToolMix } from './memory/tools.js';
import { Departure } from './signals/departure.js';
import { Echo } from './signals/goal-echo.js';
import { Preference } from './signals/preference.js';

const VERSION = 5;
const READ = [2, 3, 4, VERSION];

/** The highest value that each signal has reached, in units of its threshold: 1 fires. */
export interface Scores {
  hijack: number;
  departure: number;
  slide: number;
}

export interface DriftState {
  subject: Subject;
  /** Events seen. */
  clock: number;
  /** Spending so far. */
  tokensSpent: number;
  costNanoUsd: number;
  ms: number;
  /** The goal as the explanation quotes it, bounded. */
  goal: string;
  delegates: boolean;
  tokens: TokenTable;
  passages: Passages;
  tools: ToolMix;
  departure: Departure;
  /** What the agent has said since its last call. */
  said: Echo;
  preference: Preference;
  /** Where the sum of the preference's slide left zero. */
  slideOnset: Mark | undefined;
  /** Where the sum of departures left zero. */
  onset: Mark | undefined;
  /** Steps since then that bore evidence, and the last of them for the explanation. */
  offSteps: number;
  towards: string[];
  episodes: Episode[];
  /** Hash of the last call's tool and input. */
  lastCall: number;
  best: Scores;
}

/** The state of a session of which nothing is known yet; `key` is (tenant, session). */
export function createState(key: string): DriftState {
  const [tenantId = '', sessionId = ''] = tupleParts(key) ?? [];
  return {
    subject: { tenantId, sessionId, agentId: '', agentVersion: '' },
    clock: 0,
    tokensSpent: 0,
    costNanoUsd: 0,
    ms: 0,
    goal: '',
    delegates: false,
    tokens: new TokenTable(),
    passages: new Passages(),
    tools: new ToolMix(),
    departure: new Departure(),
    said: new Echo(),
    preference: new Preference(),
    slideOnset: undefined,
    onset: undefined,
    offSteps: 0,
    towards: [],
    episodes: [],
    lastCall: 0,
    best: { hijack: 0, departure: 0, slide: 0 },
  };
}

export function encodeState(state: DriftState): Buffer {
  const writer = new StateWriter(VERSION, 1024);
  const { subject, best } = state;
  writer.text(subject.tenantId).text(subject.sessionId).text(subject.agentId).text(subject.agentVersion);
  writer.int(state.clock).double(state.tokensSpent).double(state.costNanoUsd).double(state.ms);
  writer.text(state.goal).bool(state.delegates);
  state.tokens.write(writer);
  state.passages.write(writer);
  state.tools.write(writer);
  state.departure.write(writer);
  state.said.write(writer);
  state.preference.write(writer);
  writer.bool(state.slideOnset !== undefined);
  if (state.slideOnset) writeMark(writer, state.slideOnset);
  writer.bool(state.onset !== undefined);
  if (state.onset) writeMark(writer, state.onset);
  writer.int(state.offSteps).list(state.towards, (text) => writer.text(text));
  writer.list(state.episodes, (episode) => writeEpisode(writer, episode));
  writer.uint32(state.lastCall);
  return writer.double(best.hijack).double(best.departure).double(best.slide).done();
}

export function decodeState(bytes: Buffer): DriftState {
  const reader = new StateReader(bytes, READ);
  return {
    subject: { tenantId: reader.text(), sessionId: reader.text(), agentId: reader.text(), agentVersion: reader.text() },
    clock: reader.int(),
    tokensSpent: reader.double(),
    costNanoUsd: reader.double(),
    ms: reader.double(),
    goal: reader.text(),
    delegates: reader.bool(),
    tokens: TokenTable.read(reader),
    passages: Passages.read(reader),
    tools: ToolMix.read(reader),
    departure: Departure.read(reader),
    said: Echo.read(reader),
    preference: Preference.read(reader),
    slideOnset: reader.bool() ? readMark(reader) : undefined,
    onset: reader.bool() ? readMark(reader) : undefined,
    offSteps: reader.int(),
    towards: reader.list(() => reader.text()),
    episodes: reader.list(() => readEpisode(reader)),
    lastCall: reader.uint32(),
    best: { hijack: reader.double(), departure: reader.double(), slide: reader.double() },
  };
}
