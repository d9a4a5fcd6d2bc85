// Scores detections against the truth: found plants, and alarms on what is clean.

import type { AnomalyTruth, DriftTruth, LoopTruth, TruthRecord } from './truth.js';

/** The columns of a detection that scoring needs. */
export interface DetectionRow {
  /** 'loop-detector', 'drift-detector', 'anomaly-detector'. */
  readonly detector: string;
  readonly tenant_id: string;
  readonly session_id: string;
  readonly agent_id: string;
  readonly metric: string;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly window_start_micros: number;
  readonly window_end_micros: number;
}

export interface Tally {
  planted: number;
  found: number;
}

export interface KindScore extends Tally {
  /** Clean sessions (loop, drift) or clean agents (anomaly) with at least one detection. */
  falseAlarms: number;
  /** How many clean ones there are. */
  clean: number;
  byVariant: Record<string, Tally>;
  /** Alarms on look-alikes, by variant; a part of falseAlarms. */
  falseAlarmsByLookAlike: Record<string, number>;
  /** faultIds that were not found. */
  missed: string[];
}

export interface Score {
  readonly loop: KindScore;
  readonly drift: KindScore;
  readonly anomaly: KindScore;
}

/** How far a detection's window may lie beside an anomaly's and still be about it: buckets are up to an hour wide, and grief outlasts its cause. */
const GRACE_MICROS = 3_600_000_000;

/** What a detector may call a planted metric. */
const METRIC_FAMILIES: Readonly<Record<string, readonly string[]>> = {
  latency: ['latency', 'llm_latency', 'tool_latency', 'time_to_first_token'],
  tokens: ['tokens', 'session_tokens'],
  cost: ['cost', 'session_cost'],
  errors: ['errors', 'error_rate'],
  silence: ['silence'],
  tool_mix: ['tool_mix'],
};

/**
 * A loop or drift is found when its session has a detection of that detector whose steps overlap it; an anomaly when its agent has a
 * detection of its metric's family (or of one that truth says moves too) whose window overlaps it, with an hour of grace after its end.
 */
export function score(truth: readonly TruthRecord[], detections: readonly DetectionRow[]): Score {
  const bySession = new Map<string, DetectionRow[]>();
  const byAgent = new Map<string, DetectionRow[]>();
  for (const row of detections) {
    if (row.detector === 'anomaly-detector') push(byAgent, keyOf(row.tenant_id, row.agent_id), row);
    else push(bySession, keyOf(row.tenant_id, row.session_id), row);
  }
  const fleet = truth.find((record) => record.kind === 'fleet');
  const struck = new Set(
    truth.flatMap((record) =>
      record.kind === 'loop' || record.kind === 'drift' ? [keyOf(record.tenantId, record.sessionId)] : [],
    ),
  );
  const lookAlikes = new Map(
    truth.flatMap((record) =>
      record.kind === 'negative' ? [[keyOf(record.tenantId, record.sessionId), record.variant] as const] : [],
    ),
  );
  const inSessions = (kind: 'loop' | 'drift'): KindScore => {
    const plants = truth.filter((record): record is LoopTruth | DriftTruth => record.kind === kind);
    const detector = `${kind}-detector`;
    const result = tally(plants, (plant) =>
      (bySession.get(keyOf(plant.tenantId, plant.sessionId)) ?? []).some(
        (row) => row.detector === detector && row.first_seq <= plant.lastSeq && row.last_seq >= plant.firstSeq,
      ),
    );
    for (const [session, rows] of bySession) {
      if (struck.has(session) || !rows.some((row) => row.detector === detector)) continue;
      result.falseAlarms += 1;
      const lookAlike = lookAlikes.get(session);
      if (lookAlike !== undefined)
        result.falseAlarmsByLookAlike[lookAlike] = (result.falseAlarmsByLookAlike[lookAlike] ?? 0) + 1;
    }
    return { ...result, clean: Math.max(0, (fleet?.sessions ?? 0) - struck.size) };
  };
  const anomalies = tally(
    truth.filter((record): record is AnomalyTruth => record.kind === 'anomaly'),
    (plant) => (byAgent.get(keyOf(plant.tenantId, plant.agentId)) ?? []).some((row) => isAbout(row, plant)),
  );
  const cleanAgents = fleet?.cleanAgents ?? [];
  return {
    loop: inSessions('loop'),
    drift: inSessions('drift'),
    anomaly: {
      ...anomalies,
      clean: cleanAgents.length,
      falseAlarms: cleanAgents.filter(({ tenantId, agentId }) => byAgent.has(keyOf(tenantId, agentId))).length,
    },
  };
}

function isAbout(row: DetectionRow, plant: AnomalyTruth): boolean {
  const families = [plant.metric, ...plant.alsoMoves].flatMap((metric) => METRIC_FAMILIES[metric] ?? [metric]);
  return (
    families.includes(row.metric) &&
    row.window_start_micros < plant.endMicros + GRACE_MICROS &&
    row.window_end_micros > plant.startMicros
  );
}

function tally<P extends LoopTruth | DriftTruth | AnomalyTruth>(
  plants: readonly P[],
  isFound: (plant: P) => boolean,
): KindScore {
  const result: KindScore = {
    planted: 0,
    found: 0,
    falseAlarms: 0,
    clean: 0,
    byVariant: {},
    falseAlarmsByLookAlike: {},
    missed: [],
  };
  for (const plant of plants) {
    const variant = (result.byVariant[plant.variant] ??= { planted: 0, found: 0 });
    variant.planted += 1;
    result.planted += 1;
    if (isFound(plant)) {
      variant.found += 1;
      result.found += 1;
    } else result.missed.push(plant.faultId);
  }
  return result;
}

/** Length first, so that no two pairs meet. */
function keyOf(tenantId: string, id: string): string {
  return `${tenantId.length}:${tenantId}:${id}`;
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
