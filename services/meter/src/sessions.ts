// Sums per session of one agent, until it ends or falls silent: bounded, in the order of last activity.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';
import type { CallSums } from './window.js';

/** What one session has used so far. */
export interface SessionSum {
  tokens: number;
  costNanoUsd: number;
  calls: number;
  lastMicros: number;
  /** Start of the window in which it was counted last. */
  countedMicros: number;
  /** Counted already; kept until it expires so that stragglers do not count it again. */
  ended: boolean;
  /** The highest seq seen, and which of the 32 below it were seen (bit 0: the one just below). */
  highSeq: number;
  seen: number;
}

/** Sessions by id, least recently active first. */
export type SessionSums = Map<string, SessionSum>;

/** The session that was active last: most events are of it, and it is in its place already. */
export interface NewestSession {
  id: string;
  sum: SessionSum | undefined;
}

const SEEN_BACK = 32;

/** The session, now the most recently active one; made where unknown. */
export function touchSession(
  sessions: SessionSums,
  newest: NewestSession,
  sessionId: string,
  timeMicros: number,
): SessionSum {
  if (newest.sum && newest.id === sessionId) {
    if (timeMicros > newest.sum.lastMicros) newest.sum.lastMicros = timeMicros;
    return newest.sum;
  }
  let session = sessions.get(sessionId);
  if (session) sessions.delete(sessionId);
  else
    session = {
      tokens: 0,
      costNanoUsd: 0,
      calls: 0,
      lastMicros: timeMicros,
      countedMicros: -1,
      ended: false,
      highSeq: -1,
      seen: 0,
    };
  sessions.set(sessionId, session);
  if (timeMicros > session.lastMicros) session.lastMicros = timeMicros;
  newest.id = sessionId;
  newest.sum = session;
  return session;
}

/** True of a seq that this session has shown before (an event sent twice). Negative seqs and those far behind count as new. */
export function isRepeated(session: SessionSum, seq: number): boolean {
  if (!(seq >= 0)) return false;
  const ahead = seq - session.highSeq;
  if (ahead > 0) {
    const shifted = ahead >= SEEN_BACK ? 0 : session.seen << ahead;
    session.seen = session.highSeq < 0 || ahead > SEEN_BACK ? 0 : shifted | (1 << (ahead - 1));
    session.highSeq = seq;
    return false;
  }
  if (ahead === 0) return true;
  const back = -ahead;
  if (back > SEEN_BACK) return false;
  const bit = 1 << (back - 1);
  if ((session.seen & bit) !== 0) return true;
  session.seen |= bit;
  return false;
}

export function addCall(session: SessionSum, call: CallSums): void {
  session.calls++;
  session.tokens += call.tokens;
  session.costNanoUsd += call.costNanoUsd;
}

export function writeSessions(writer: StateWriter, sessions: SessionSums): void {
  writer.list([...sessions], ([id, s]) => {
    writer
      .text(id)
      .int(s.tokens)
      .int(s.costNanoUsd)
      .int(s.calls)
      .int(s.lastMicros)
      .int(s.countedMicros)
      .bool(s.ended)
      .int(s.highSeq);
    writer.uint32(s.seen);
  });
}

export function readSessions(reader: StateReader): SessionSums {
  return new Map(
    reader.list(() => {
      const id = reader.text();
      const sum: SessionSum = {
        tokens: reader.int(),
        costNanoUsd: reader.int(),
        calls: reader.int(),
        lastMicros: reader.int(),
        countedMicros: reader.int(),
        ended: reader.bool(),
        highSeq: reader.int(),
        seen: reader.uint32() | 0,
      };
      return [id, sum] as const;
    }),
  );
}
