// An episode: one drift from its first step to its close, and the detection that tells of it.

import {
  detectionId,
  type DetectionDraft,
  type Severity,
  type StateReader,
  type StateWriter,
} from '@watchkeeper/schemas';

export const DETECTOR = 'drift-detector';
export const DETECTOR_VERSION = 6;

/** `hijack`: carries out a tool's output. `departure`: another subject, at once. `slide`: little by little. */
export type DriftKind = 'hijack' | 'departure' | 'slide';
const KINDS: readonly DriftKind[] = ['hijack', 'departure', 'slide'];

/** Whose session it is. */
export interface Subject {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly agentVersion: string;
}

/** Where in the session something stands, and what the session had spent by then. */
export interface Mark {
  readonly seq: number;
  readonly eventId: string;
  readonly timeMicros: number;
  readonly tokens: number;
  readonly costNanoUsd: number;
  readonly ms: number;
}

/** What is known of an episode as of its last evidence. */
export interface Finding {
  readonly severity: Severity;
  readonly score: number;
  readonly threshold: number;
  readonly confidence: number;
  readonly explanation: string;
  /** JSON. */
  readonly evidence: string;
}

/** An open episode. */
export interface Episode {
  readonly kind: DriftKind;
  /** The spending is that before the first drifting step. */
  readonly first: Mark;
  last: Mark;
  finding: Finding;
  revision: number;
  /** Steps that bore evidence, and how many of them the last revision told of. */
  steps: number;
  told: number;
  /** Calls since the last evidence. */
  quietCalls: number;
}

/** A revision is worth sending where the evidence has doubled, or the score has risen clearly. */
export function hasGrown(episode: Episode, finding: Finding): boolean {
  return episode.steps >= episode.told * 2 || finding.score >= episode.finding.score * 1.5;
}

/** The detection of an episode as it stands. */
export function draftOf(subject: Subject, episode: Episode, status: 'OPEN' | 'CLOSED'): DetectionDraft {
  const { first, last, finding } = episode;
  const kind = `drift.${episode.kind}`;
  const identity = {
    tenant_id: subject.tenantId,
    detector: DETECTOR,
    detector_version: DETECTOR_VERSION,
    kind,
    subject: subject.sessionId,
    metric: '',
    anchor: first.seq,
  };
  return {
    detection_id: detectionId(identity),
    ...identity,
    revision: episode.revision,
    agent_id: subject.agentId,
    agent_version: subject.agentVersion,
    session_id: subject.sessionId,
    status,
    severity: finding.severity,
    score: finding.score,
    threshold: finding.threshold,
    confidence: finding.confidence,
    first_event_id: first.eventId,
    last_event_id: last.eventId,
    first_seq: first.seq,
    last_seq: last.seq,
    window_start: first.timeMicros,
    window_end: last.timeMicros,
    explanation: finding.explanation,
    evidence: finding.evidence,
    wasted_tokens: Math.max(0, last.tokens - first.tokens),
    wasted_cost_nano_usd: Math.max(0, last.costNanoUsd - first.costNanoUsd),
    wasted_ms: Math.max(0, last.ms - first.ms),
  };
}

export function writeMark(writer: StateWriter, mark: Mark): void {
  writer.double(mark.seq).text(mark.eventId).double(mark.timeMicros);
  writer.double(mark.tokens).double(mark.costNanoUsd).double(mark.ms);
}

export function readMark(reader: StateReader): Mark {
  return {
    seq: reader.double(),
    eventId: reader.text(),
    timeMicros: reader.double(),
    tokens: reader.double(),
    costNanoUsd: reader.double(),
    ms: reader.double(),
  };
}

const SEVERITIES: readonly Severity[] = ['INFO', 'WARNING', 'CRITICAL'];

export function writeEpisode(writer: StateWriter, episode: Episode): void {
  const { finding } = episode;
  writer.byte(KINDS.indexOf(episode.kind));
  writeMark(writer, episode.first);
  writeMark(writer, episode.last);
  writer
    .byte(SEVERITIES.indexOf(finding.severity))
    .double(finding.score)
    .double(finding.threshold)
    .double(finding.confidence);
  writer.text(finding.explanation).text(finding.evidence);
  writer.int(episode.revision).int(episode.steps).int(episode.told).int(episode.quietCalls);
}

export function readEpisode(reader: StateReader): Episode {
  return {
    kind: KINDS[reader.byte()] ?? 'departure',
    first: readMark(reader),
    last: readMark(reader),
    finding: {
      severity: SEVERITIES[reader.byte()] ?? 'WARNING',
      score: reader.double(),
      threshold: reader.double(),
      confidence: reader.double(),
      explanation: reader.text(),
      evidence: reader.text(),
    },
    revision: reader.int(),
    steps: reader.int(),
    told: reader.int(),
    quietCalls: reader.int(),
  };
}
