// Follows the planted faults while the stream runs, and writes down what really happened.

import type { AgentProfile } from './agents.js';
import { type AnomalyPlan, alsoMoves } from './plants/anomalies.js';
import type { FaultMark } from './script.js';
import type { SessionPlan } from './session-script.js';
import type { AnomalyTruth, DriftTruth, LoopTruth, NegativeVariant, TruthRecord } from './truth.js';

/** Calls that a detector may fairly want to see before it speaks. */
const EVIDENCE_CALLS = 12;
const SILENCE_EVIDENCE_MICROS = 5_400_000_000;

interface Position {
  readonly lastSeq: number;
  readonly nextSeq: number;
  readonly micros: number;
}
interface AnomalyState {
  readonly agent: AgentProfile;
  readonly plan: AnomalyPlan;
  affectedCalls: number;
  evidenceAt: number | undefined;
}
interface SessionFault {
  readonly agent: AgentProfile;
  readonly sessionId: string;
  readonly plan: SessionPlan;
  begun: Position | undefined;
  proven: Position | undefined;
}

/** What a session tells while it runs. */
export interface SessionWatch {
  readonly mark: (mark: FaultMark, at: Position) => void;
  /** The session's first event exists. */
  readonly opened: () => void;
}

/** One per fleet. A fault counts as planted once it is proven; one that the stream's end cut off before that does not. */
export class TruthKeeper {
  private readonly finished: TruthRecord[] = [];
  private readonly underWay = new Set<SessionFault>();
  private readonly anomalies = new Map<AnomalyPlan, AnomalyState>();

  constructor(private readonly onTruth: (record: TruthRecord) => void) {}

  anomaly(agent: AgentProfile, plan: AnomalyPlan): void {
    this.anomalies.set(plan, {
      agent,
      plan,
      affectedCalls: 0,
      evidenceAt: plan.metric === 'silence' ? plan.startMicros + SILENCE_EVIDENCE_MICROS : undefined,
    });
  }

  touched(active: readonly AnomalyPlan[], micros: number): void {
    for (const plan of active) {
      const state = this.anomalies.get(plan);
      if (state !== undefined && ++state.affectedCalls === EVIDENCE_CALLS) state.evidenceAt = micros;
    }
  }

  session(
    agent: AgentProfile,
    sessionId: string,
    plan: SessionPlan | undefined,
    negative: NegativeVariant | undefined,
  ): SessionWatch {
    if (plan === undefined) {
      return {
        mark: () => undefined,
        opened: () => {
          if (negative !== undefined)
            this.finished.push({
              kind: 'negative',
              variant: negative,
              tenantId: agent.tenantId,
              agentId: agent.agentId,
              sessionId,
            });
        },
      };
    }
    const fault: SessionFault = { agent, sessionId, plan, begun: undefined, proven: undefined };
    return {
      opened: () => this.underWay.add(fault),
      mark: (mark, at) => {
        if (mark === 'begins') fault.begun = at;
        else if (mark === 'proven') fault.proven = at;
        else this.finish(fault, at);
      },
    };
  }

  /** All that happened up to `lastMicros`; anomalies that last end at `endMicros`. */
  records(endMicros: number, lastMicros: number): TruthRecord[] {
    const cut = [...this.underWay].flatMap((fault) => {
      const record = fault.proven === undefined ? undefined : sessionTruth(fault, fault.proven);
      return record === undefined ? [] : [record];
    });
    const begun = [...this.anomalies.values()].filter(({ evidenceAt = Infinity }) => evidenceAt <= lastMicros);
    return [...this.finished, ...cut, ...begun.map((state) => anomalyTruth(state, endMicros))];
  }

  private finish(fault: SessionFault, at: Position): void {
    this.underWay.delete(fault);
    const record = sessionTruth(fault, at);
    if (record === undefined) return;
    this.finished.push(record);
    this.onTruth(record);
  }
}

function sessionTruth(
  { agent, sessionId, plan, begun, proven }: SessionFault,
  end: Position,
): LoopTruth | DriftTruth | undefined {
  if (begun === undefined || proven === undefined) return undefined;
  const place = {
    faultId: plan.faultId,
    tenantId: agent.tenantId,
    agentId: agent.agentId,
    sessionId,
    firstSeq: begun.nextSeq,
    lastSeq: end.lastSeq,
    provenSeq: proven.lastSeq,
    startMicros: begun.micros,
    endMicros: end.micros,
    evidenceCompleteAtMicros: proven.micros,
  };
  if (plan.kind === 'loop') {
    const { period, rounds, style, jitter } = plan.plan;
    return {
      kind: 'loop',
      variant: `period-${period}/${style}`,
      ...place,
      period,
      rounds,
      style,
      jitter,
      instructed: agent.team,
    };
  }
  const drift = plan.plan;
  return {
    kind: 'drift',
    variant: drift.kind,
    ...place,
    style: drift.kind === 'slow' ? drift.style : drift.kind === 'injected' ? drift.wording : '',
  };
}

function anomalyTruth({ agent, plan, affectedCalls, evidenceAt }: AnomalyState, endMicros: number): AnomalyTruth {
  return {
    kind: 'anomaly',
    faultId: plan.faultId,
    variant: plan.metric === 'silence' ? 'silence' : `${plan.metric}/${plan.shape}`,
    tenantId: agent.tenantId,
    agentId: agent.agentId,
    metric: plan.metric,
    shape: plan.shape,
    alsoMoves: alsoMoves(plan),
    factor: Math.round(plan.factor * 1000) / 1000,
    startMicros: plan.startMicros,
    endMicros: plan.endMicros === Infinity ? endMicros : plan.endMicros,
    affectedCalls,
    evidenceCompleteAtMicros: evidenceAt,
  };
}
