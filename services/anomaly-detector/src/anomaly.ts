// The second of two phases: adds up what all partitions saw of an agent, and says when the agent is not what it was.

import {
  StateReader,
  StateWriter,
  tuningUnder,
  tupleKey,
  tupleParts,
  type DetectionDraft,
  type Detector,
  type TuningOf,
} from '@watchkeeper/schemas';
import { Channel, PAUSE_MICROS } from './channel.js';
import { DETECTOR, DETECTOR_VERSION, episodeDraft, mixDraft, silenceDraft } from './drafts.js';
import { LevelModel } from './level-model.js';
import {
  DEFAULT_ANOMALY_OPTIONS,
  LEVEL_METRICS,
  optionsBySensitivity,
  type AnomalyOptions,
  type LevelMetric,
} from './options.js';
import { PendingSlots, type Slot } from './pending.js';
import { outcomes, ShareModel } from './share-model.js';
import { SilenceModel } from './silence.js';
import type { AnomalyState } from './state.js';
import { countOf } from './tally.js';
import { ToolMix } from './tool-mix.js';
import type { MeasureInput } from './view.js';

const NO_TOOLS: ReadonlyMap<string, number> = new Map();
const STATE_VERSION = 4;
/** The version before, which is read too. */
const BEFORE_TOOLS = 3;

/**
 * The anomaly detector: measures keyed (tenant, agent), judged in the order of event time as the watermark passes them. `options` are those of
 * medium sensitivity; `tuningOf` says which an agent has.
 */
export function anomalyDetector(
  options: AnomalyOptions = DEFAULT_ANOMALY_OPTIONS,
  tuningOf: TuningOf = tuningUnder([], DETECTOR, 'medium'),
): Detector<AnomalyState, MeasureInput, DetectionDraft> {
  const { adoptMicros, minRatio, warmupMicros } = options;
  const bySensitivity = optionsBySensitivity(options);
  const optionsOf = (tenantId: string, agentId: string): AnomalyOptions =>
    bySensitivity[tuningOf(tenantId, agentId).sensitivity];

  /** Tools and sessions differ more among themselves than LLM calls do: a rise must be higher, and surer. */
  function levelChannel(metric: LevelMetric, threshold: number): Channel {
    const isMixed = metric === 'tool_latency' || metric === 'session_calls';
    const model = new LevelModel({
      minRatio: isMixed ? 1.2 * minRatio : minRatio,
      minCount: metric === 'session_calls' ? 4 : 6,
      lowerHalf: metric === 'tokens' || metric === 'cost',
    });
    return new Channel(model, { threshold: isMixed ? threshold + 0.5 : threshold, adoptMicros });
  }

  function emptyState(tenantId: string, agentId: string): AnomalyState {
    const { threshold } = optionsOf(tenantId, agentId);
    return {
      tenantId,
      agentId,
      agentVersion: '',
      versionChange: undefined,
      firstMicros: 0,
      judgedMicros: 0,
      pending: new PendingSlots(options.maxPending),
      levels: new Map(LEVEL_METRICS.map((metric) => [metric, levelChannel(metric, threshold)])),
      errors: new Channel(new ShareModel(), { threshold, adoptMicros }),
      mix: new ToolMix({ threshold, adoptMicros }),
      silence: new SilenceModel(),
      pauseDueMicros: undefined,
      silenceDueMicros: undefined,
    };
  }

  function judge(state: AnomalyState, slot: Slot): DetectionDraft[] {
    const { startMicros, endMicros } = slot;
    const { threshold, silenceOnceIn } = optionsOf(state.tenantId, state.agentId);
    const found: DetectionDraft[] = [];
    if (state.firstMicros === 0) state.firstMicros = startMicros;
    noteVersion(state, slot);
    const warm = startMicros - state.firstMicros >= warmupMicros;
    if (slot.events > 0) {
      const ended = state.silence.onActivity(startMicros, endMicros, slot.sessionsStarted);
      if (ended) found.push(silenceDraft(state, ended, 'CLOSED', silenceOnceIn));
      state.silenceDueMicros = undefined;
    }
    state.pauseDueMicros = endMicros + PAUSE_MICROS;
    const { sessions, sessionsStarted: fresh } = slot;
    for (const [metric, histogram] of slot.levels) {
      const count = metric === 'session_calls' ? countOf(histogram) : undefined;
      const sample = { startMicros, endMicros, histogram, sessions: count ?? sessions, fresh: count ?? fresh };
      const news = state.levels.get(metric)?.observe(sample, warm);
      for (const one of news ?? []) found.push(episodeDraft(state, metric, one, threshold));
    }
    if (slot.calls > 0) {
      const histogram = outcomes(slot.calls, slot.failed);
      for (const one of state.errors.observe({ startMicros, endMicros, histogram, sessions, fresh }, warm)) {
        found.push(episodeDraft(state, 'errors', one, threshold));
      }
    }
    for (const one of state.mix.observe(slot.tools ?? NO_TOOLS, slot, warm)) found.push(mixDraft(state, one));
    return found;
  }

  /** The agent has done nothing for a while: its blocks are whole, and one can say how long is too long. */
  function pause(state: AnomalyState, atMicros: number): DetectionDraft[] {
    const { threshold } = optionsOf(state.tenantId, state.agentId);
    state.pauseDueMicros = undefined;
    const warm = atMicros - state.firstMicros >= warmupMicros;
    const found: DetectionDraft[] = [];
    for (const [metric, channel] of state.levels) {
      for (const one of channel.pause(warm)) found.push(episodeDraft(state, metric, one, threshold));
    }
    for (const one of state.errors.pause(warm)) found.push(episodeDraft(state, 'errors', one, threshold));
    for (const one of state.mix.pause(warm)) found.push(mixDraft(state, one));
    state.silenceDueMicros = state.silence.notBefore(state.firstMicros + warmupMicros);
    return found;
  }

  /** Timers that are due by `untilMicros`, in order. A slot that only closes sessions does not end a silence. */
  function passTime(state: AnomalyState, untilMicros: number): DetectionDraft[] {
    const found: DetectionDraft[] = [];
    if (state.pauseDueMicros !== undefined && state.pauseDueMicros <= untilMicros)
      found.push(...pause(state, state.pauseDueMicros));
    const { silenceOnceIn } = optionsOf(state.tenantId, state.agentId);
    const dueMicros = state.silenceDueMicros;
    if (dueMicros === undefined || dueMicros > untilMicros) return found;
    // What was set is the earliest moment: most pauses are over by then, so only now it is worked out when this one is too long.
    const exactMicros = state.silence.dueAt(state.firstMicros + warmupMicros, silenceOnceIn);
    state.silenceDueMicros = exactMicros;
    if (exactMicros !== undefined && exactMicros <= untilMicros) {
      state.silenceDueMicros = undefined;
      found.push(silenceDraft(state, state.silence.fire(exactMicros), 'OPEN', silenceOnceIn));
    }
    return found;
  }

  return {
    id: DETECTOR,
    version: DETECTOR_VERSION,

    keyOf: (measure) => tupleKey(measure.tenant_id, measure.agent_id),

    create(key) {
      const [tenantId = '', agentId = ''] = tupleParts(key) ?? [];
      return emptyState(tenantId, agentId);
    },

    onEvent(state, measure) {
      // Behind what is judged: dropped (the role counts those behind the watermark).
      if (measure.window_end > state.judgedMicros) state.pending.add(measure);
      return [];
    },

    dueAt(state) {
      const due = Math.min(
        state.pending.firstEndMicros ?? Infinity,
        state.pauseDueMicros ?? Infinity,
        state.silenceDueMicros ?? Infinity,
      );
      return due === Infinity ? undefined : due;
    },

    onTime(state, watermarkMicros) {
      const found: DetectionDraft[] = [];
      // In the order of event time, however far the watermark leapt.
      for (let slot = state.pending.takeUntil(watermarkMicros); slot; slot = state.pending.takeUntil(watermarkMicros)) {
        found.push(...passTime(state, slot.startMicros), ...judge(state, slot));
      }
      found.push(...passTime(state, watermarkMicros));
      state.judgedMicros = Math.max(state.judgedMicros, watermarkMicros);
      return found;
    },

    onClose(state) {
      const { threshold } = optionsOf(state.tenantId, state.agentId);
      const found: DetectionDraft[] = [];
      for (const [metric, channel] of state.levels) {
        for (const one of channel.close()) found.push(episodeDraft(state, metric, one, threshold));
      }
      for (const one of state.errors.close()) found.push(episodeDraft(state, 'errors', one, threshold));
      for (const one of state.mix.close()) found.push(mixDraft(state, one));
      return found;
    },

    score(state) {
      let highest = state.silence.episode ? 1 : Math.max(state.errors.score, state.mix.score);
      for (const channel of state.levels.values()) highest = Math.max(highest, channel.score);
      return state.judgedMicros - state.firstMicros < warmupMicros ? Math.min(0.99, highest) : highest;
    },

    encode(state) {
      const writer = new StateWriter(STATE_VERSION, 4096);
      writer
        .text(state.tenantId)
        .text(state.agentId)
        .text(state.agentVersion)
        .text(state.versionChange?.from ?? '')
        .text(state.versionChange?.to ?? '')
        .int(state.versionChange?.sinceMicros ?? 0)
        .int(state.firstMicros)
        .int(state.judgedMicros);
      state.pending.encode(writer);
      for (const metric of LEVEL_METRICS) state.levels.get(metric)?.encode(writer);
      state.errors.encode(writer);
      state.mix.encode(writer);
      state.silence.encode(writer);
      writer.bool(state.pauseDueMicros !== undefined).int(state.pauseDueMicros ?? 0);
      writer.bool(state.silenceDueMicros !== undefined).int(state.silenceDueMicros ?? 0);
      return writer.done();
    },

    decode(bytes) {
      const reader = new StateReader(bytes, [STATE_VERSION, BEFORE_TOOLS]);
      const hasTools = reader.version !== BEFORE_TOOLS;
      const state = emptyState(reader.text(), reader.text());
      state.agentVersion = reader.text();
      const change = { from: reader.text(), to: reader.text(), sinceMicros: reader.int() };
      state.versionChange = change.from === '' ? undefined : change;
      state.firstMicros = reader.int();
      state.judgedMicros = reader.int();
      state.pending.decode(reader, hasTools);
      for (const metric of LEVEL_METRICS) state.levels.get(metric)?.decode(reader);
      state.errors.decode(reader);
      if (hasTools) state.mix.decode(reader);
      state.silence.decode(reader);
      const pauses = reader.bool();
      const pauseMicros = reader.int();
      state.pauseDueMicros = pauses ? pauseMicros : undefined;
      const silences = reader.bool();
      const silenceMicros = reader.int();
      state.silenceDueMicros = silences ? silenceMicros : undefined;
      return state;
    },
  };
}

/** Still learning what is usual: silence of the detector is not health. */
export function isWarming(state: AnomalyState, options: AnomalyOptions = DEFAULT_ANOMALY_OPTIONS): boolean {
  return state.firstMicros === 0 || state.judgedMicros - state.firstMicros < options.warmupMicros;
}

/** While two versions run side by side, windows name now this one, now that: the newer took over when it was first seen. */
function noteVersion(state: AnomalyState, { agentVersion, startMicros }: Slot): void {
  const { agentVersion: before, versionChange: last } = state;
  if (agentVersion === '' || agentVersion === before) return;
  state.agentVersion = agentVersion;
  if (before === '' || agentVersion === last?.from || agentVersion === last?.to) return;
  state.versionChange = { from: before, to: agentVersion, sinceMicros: startMicros };
}
