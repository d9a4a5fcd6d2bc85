// Sentences and evidence for a person. Times are event time, UTC, made of microseconds alone.

import type { Episode, EpisodeNews } from './episode.js';
import type { AnomalyMetric, LevelMetric } from './options.js';
import type { SilenceEpisode } from './silence.js';
import type { ToolChange } from './mix-model.js';
import type { VersionChange } from './state.js';
import type { MixNews } from './tool-mix.js';

const NAMES: Readonly<Record<LevelMetric, string>> = {
  latency: 'LLM latency',
  tool_latency: 'Tool latency',
  time_to_first_token: 'Time to first token',
  tokens: 'Tokens per LLM call',
  cost: 'Cost per LLM call',
  session_calls: 'Calls per session',
};

/** '14:20 UTC on 22 Nov' of event time in microseconds. */
export function utcTime(micros: number): string {
  const iso = new Date(Math.floor(micros / 1000)).toISOString();
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const month = months[Number(iso.slice(5, 7)) - 1] ?? '';
  return `${iso.slice(11, 16)} UTC on ${String(Number(iso.slice(8, 10)))} ${month}`;
}

/** '40 min', '3.5 h', '2 d'. */
export function span(micros: number): string {
  const minutes = micros / 60e6;
  if (minutes < 1) return `${Math.max(1, Math.round(micros / 1e6))} s`;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${trim(hours)} h` : `${trim(hours / 24)} d`;
}

/** A value of a metric with its unit. */
export function amount(metric: LevelMetric, value: number): string {
  switch (metric) {
    case 'latency':
    case 'tool_latency':
    case 'time_to_first_token':
      return value < 1000 ? `${Math.round(value)} ms` : `${trim(value / 1000)} s`;
    case 'tokens':
      return `${Math.round(value)} tokens`;
    case 'cost':
      return `$${(value / 1e9).toPrecision(2)}`;
    case 'session_calls':
      return `${trim(value)} calls`;
  }
}

/** What happened to a level or to the error share. */
export function explainEpisode(
  agentId: string,
  metric: LevelMetric | 'errors',
  news: EpisodeNews,
  ratio: number,
): string {
  const { episode } = news;
  const { run } = episode;
  const since = `since ${utcTime(episode.anchorMicros)}`;
  const when = news.kind === 'closed' ? `for ${span(run.endMicros - episode.anchorMicros)} ${since}` : since;
  if (metric === 'errors') {
    const share = run.count === 0 ? 0 : run.rawSum / run.count;
    return `${percent(share)} of the calls of ${agentId} failed (usually ${percent(episode.usual)}) ${when}: ${run.rawSum} of ${run.count} calls${tail(news)}.`;
  }
  const how = episode.kind === 'anomaly.slow_growth' ? 'has grown to' : 'is';
  const things = metric === 'session_calls' ? 'sessions' : 'calls';
  return (
    `${NAMES[metric]} of ${agentId} ${how} ${trim(ratio)}× its usual for this hour ` +
    `(${amount(metric, episode.usual * ratio)} against ${amount(metric, episode.usual)}) ${when}, over ${run.count} ${things}${tail(news)}.`
  );
}

/** The version that may be to blame, for a machine. */
export function versionOf(change: VersionChange | undefined): object {
  return change ? { version: change.to, versionBefore: change.from, versionSinceMicros: change.sinceMicros } : {};
}

/** Which tools came and went. */
export function explainMix(agentId: string, { kind, why, episode }: MixNews): string {
  const { anchorMicros, untilMicros, run, changes } = episode;
  const since = `since ${utcTime(anchorMicros)}`;
  const when = kind === 'closed' ? `for ${span(untilMicros - anchorMicros)} ${since}` : since;
  const told = changes.map(
    ({ tool, share, usual }: ToolChange) => `${tool} ${percent(share)} (usually ${percent(usual)})`,
  );
  const end = why === '' ? '' : MIX_ENDS[why];
  return `${agentId} works with other tools ${when}, by the share of its ${run.stretches} stretches of work that call them: ${told.join(', ')}${end}.`;
}

const MIX_ENDS: Readonly<Record<Exclude<MixNews['why'], ''>, string>> = {
  'usual again': '; it is as usual again',
  adopted: '; they count as usual from here on',
  expired: '; the agent has not been seen since',
};

/** The version that may be to blame, as one more sentence; '' where there is none. */
export function explainVersion(change: VersionChange | undefined): string {
  return change ? ` Version ${change.to} took over from ${change.from} at ${utcTime(change.sinceMicros)}.` : '';
}

/** What happened to an agent that fell silent. */
export function explainSilence(agentId: string, silence: SilenceEpisode, isOver: boolean): string {
  const { anchorMicros, untilMicros, expected } = silence;
  const lasted = span(untilMicros - anchorMicros);
  const usual = `about ${trim(expected)} sessions would usually have begun by then`;
  return isOver
    ? `${agentId} was silent for ${lasted} from ${utcTime(anchorMicros)}, and is back.`
    : `${agentId} has been silent for ${lasted} since ${utcTime(anchorMicros)}: ${usual}.`;
}

/** The signals that decided, for a machine. */
export function evidenceOf(
  metric: AnomalyMetric,
  episode: Episode,
  ratio: number,
  scale: number,
  historyMicros: number,
  version: VersionChange | undefined,
): string {
  const { run } = episode;
  return JSON.stringify({
    metric,
    value: round(metric === 'errors' ? (run.count === 0 ? 0 : run.rawSum / run.count) : episode.usual * ratio),
    expected: round(episode.usual),
    ratio: round(ratio),
    peakRatio: round(episode.peakRatio),
    scale: round(scale),
    z: round(episode.z),
    n: run.count,
    historyHours: Math.round(historyMicros / 3.6e9),
    bucketMicros: run.endMicros - run.startMicros,
    ...versionOf(version),
  });
}

function tail(news: EpisodeNews): string {
  if (news.kind !== 'closed') return '';
  switch (news.why) {
    case 'usual again':
      return '; it is as usual again';
    case 'lasting':
      return '; it lasts, and is reported as a lasting change from here on';
    case 'adopted':
      return '; it has lasted so long that it counts as usual from here on';
    case 'expired':
      return '; the agent has not been seen since';
  }
}

function percent(share: number): string {
  return `${trim(share * 100)} %`;
}

/** Two figures that matter, without trailing zeros. */
function trim(value: number): string {
  return String(value >= 10 ? Math.round(value) : Number(value.toFixed(1)));
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
