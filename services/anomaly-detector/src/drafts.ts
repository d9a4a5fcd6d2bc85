// Episodes and silences as detections: identity, severity, sentence, evidence and waste.

import { detectionId, type DetectionDraft } from '@watchkeeper/schemas';
import type { EpisodeNews } from './episode.js';
import { evidenceOf, explainEpisode, explainMix, explainSilence, explainVersion, versionOf } from './explain.js';
import { HOUR_MICROS, type AnomalyMetric, type LevelMetric } from './options.js';
import type { SilenceEpisode } from './silence.js';
import type { AnomalyState, VersionChange } from './state.js';
import type { MixNews } from './tool-mix.js';
import { wasteOf, type Waste } from './waste.js';

export const DETECTOR = 'anomaly-detector';
export const DETECTOR_VERSION = 4;

/** A rise that begins so long after a new version took over may be its doing. */
const AFTER_CHANGE_MICROS = 6 * HOUR_MICROS;

type Said = Pick<
  DetectionDraft,
  | 'kind'
  | 'metric'
  | 'anchor'
  | 'revision'
  | 'status'
  | 'severity'
  | 'score'
  | 'threshold'
  | 'window_end'
  | 'explanation'
  | 'evidence'
>;

function draft(state: AnomalyState, said: Said, waste: Waste): DetectionDraft {
  const { tenantId, agentId } = state;
  const identity = {
    tenant_id: tenantId,
    detector: DETECTOR,
    detector_version: DETECTOR_VERSION,
    kind: said.kind,
    subject: agentId,
    metric: said.metric,
    anchor: said.anchor,
  };
  return {
    ...identity,
    ...said,
    detection_id: detectionId(identity),
    agent_id: agentId,
    agent_version: state.agentVersion,
    session_id: '',
    confidence: Math.min(0.999, 1 - 0.5 * Math.exp(2 - (2 * said.score) / said.threshold)),
    first_event_id: '',
    last_event_id: '',
    first_seq: -1,
    last_seq: -1,
    window_start: said.anchor,
    wasted_tokens: Math.round(waste.tokens),
    wasted_cost_nano_usd: Math.round(waste.costNanoUsd),
    wasted_ms: Math.round(waste.durationMs),
  };
}

/** What there is to tell of an episode, as a detection. */
export function episodeDraft(
  state: AnomalyState,
  metric: LevelMetric | 'errors',
  news: EpisodeNews,
  threshold: number,
): DetectionDraft {
  const { episode } = news;
  const channel = metric === 'errors' ? state.errors : state.levels.get(metric);
  const model = channel?.model;
  const ratio = model?.judge(episode.run).ratio ?? episode.peakRatio;
  const change = recentChange(state, episode.anchorMicros);
  const usualOf = (other: LevelMetric): number => {
    const of = state.levels.get(other)?.model;
    return of?.ready === true ? of.usualAt(episode.anchorMicros) : 0;
  };
  return draft(
    state,
    {
      kind: episode.kind,
      metric,
      anchor: episode.anchorMicros,
      revision: episode.revision,
      status: news.kind === 'closed' ? 'CLOSED' : 'OPEN',
      severity: severityOf(metric, episode.peakRatio),
      score: episode.z,
      threshold,
      window_end: episode.run.endMicros,
      explanation: `${explainEpisode(state.agentId, metric, news, ratio)}${explainVersion(change)}`,
      evidence: evidenceOf(
        metric,
        episode,
        ratio,
        model?.scale ?? 0,
        episode.run.endMicros - state.firstMicros,
        change,
      ),
    },
    wasteOf(metric, episode, ratio, usualOf),
  );
}

/** Other tools than usual, as a detection. What it has cost nobody knows. */
export function mixDraft(state: AnomalyState, news: MixNews): DetectionDraft {
  const { anchorMicros, untilMicros, revision, z, run, changes } = news.episode;
  const change = recentChange(state, anchorMicros);
  return draft(
    state,
    {
      kind: 'anomaly.level_shift',
      metric: 'tool_mix',
      anchor: anchorMicros,
      revision,
      status: news.kind === 'closed' ? 'CLOSED' : 'OPEN',
      severity: 'WARNING',
      score: z,
      threshold: state.mix.threshold,
      window_end: untilMicros,
      explanation: `${explainMix(state.agentId, news)}${explainVersion(change)}`,
      evidence: JSON.stringify({
        metric: 'tool_mix',
        tools: changes.map(({ tool, share, usual }) => ({
          tool,
          share: Number(share.toFixed(3)),
          usual: Number(usual.toFixed(3)),
        })),
        z: Number(z.toPrecision(4)),
        n: run.stretches,
        historyHours: Math.round((untilMicros - state.firstMicros) / HOUR_MICROS),
        ...versionOf(change),
      }),
    },
    { tokens: 0, costNanoUsd: 0, durationMs: 0 },
  );
}

/** A silence as a detection: OPEN when it is noticed, CLOSED when the agent is back. */
export function silenceDraft(
  state: AnomalyState,
  silence: SilenceEpisode,
  status: 'OPEN' | 'CLOSED',
  onceIn: number,
): DetectionDraft {
  const metric: AnomalyMetric = 'silence';
  return draft(
    state,
    {
      kind: 'anomaly.silence',
      metric,
      anchor: silence.anchorMicros,
      revision: silence.revision,
      status,
      severity: silence.untilMicros - silence.anchorMicros > 6 * HOUR_MICROS ? 'CRITICAL' : 'WARNING',
      score: silence.surprise,
      threshold: Math.log(onceIn),
      window_end: silence.untilMicros,
      explanation: explainSilence(state.agentId, silence, status === 'CLOSED'),
      evidence: JSON.stringify({
        metric,
        value: 0,
        expected: Number(silence.expected.toPrecision(4)),
        surpriseNats: Number(silence.surprise.toPrecision(4)),
        historyHours: Math.round((silence.untilMicros - state.firstMicros) / HOUR_MICROS),
      }),
    },
    { tokens: 0, costNanoUsd: 0, durationMs: 0 },
  );
}

/** The version that took over shortly before the anchor: what is usual is then what was usual of the one before. */
function recentChange({ versionChange }: AnomalyState, anchorMicros: number): VersionChange | undefined {
  if (!versionChange || versionChange.sinceMicros > anchorMicros) return undefined;
  return anchorMicros - versionChange.sinceMicros > AFTER_CHANGE_MICROS ? undefined : versionChange;
}

function severityOf(metric: LevelMetric | 'errors', ratio: number): 'INFO' | 'WARNING' | 'CRITICAL' {
  if (ratio >= (metric === 'errors' ? 10 : 4)) return 'CRITICAL';
  return ratio >= 1.8 ? 'WARNING' : 'INFO';
}
