// The first of two phases: folds what one source partition sees of one agent (and version) into small measures per window.

import { StateReader, StateWriter, tupleKey, tupleParts, type Detector } from '@watchkeeper/schemas';
import {
  addCall,
  isRepeated,
  readSessions,
  touchSession,
  writeSessions,
  type NewestSession,
  type SessionSum,
  type SessionSums,
} from './sessions.js';
import {
  countEvent,
  measureOf,
  observe,
  openWindow,
  readWindow,
  writeWindow,
  type MeasureDraft,
  type OpenWindow,
  type Subject,
} from './window.js';
import type { MeterInput } from './view.js';

export interface MeterOptions {
  /** Width of a window; windows begin at multiples of it since 1970. */
  readonly windowMicros: number;
  /** A session that was silent for so long is closed without its SESSION_ENDED. */
  readonly sessionIdleMicros: number;
  /** Sessions followed per agent and partition; beyond, the one silent the longest is closed. */
  readonly maxSessions: number;
}

export const DEFAULT_METER_OPTIONS: MeterOptions = {
  windowMicros: 10_000_000,
  sessionIdleMicros: 30 * 60_000_000,
  maxSessions: 256,
};

/** One agent (and version) on one source partition. */
export interface MeterState {
  readonly subject: Subject;
  /** Open windows by start, ascending: those that end beyond the watermark and hold something. */
  readonly windows: OpenWindow[];
  readonly sessions: SessionSums;
  /** Of `sessions` the last one; no part of what is stored. */
  readonly newest: NewestSession;
}

const STATE_VERSION = 1;

/**
 * The meter as a detector: inputs of one source partition, keyed (tenant, agent, version); a window's measure comes out when the
 * watermark passes its end. An event whose window is closed is left out of every sum and counted as late, in the window at the watermark.
 */
export function meter(options: MeterOptions = DEFAULT_METER_OPTIONS): Detector<MeterState, MeterInput, MeasureDraft> {
  const { windowMicros, sessionIdleMicros, maxSessions } = options;

  function windowAt(state: MeterState, timeMicros: number): OpenWindow {
    const { windows } = state;
    const start = Math.floor(timeMicros / windowMicros) * windowMicros;
    let at = windows.length;
    while (at > 0) {
      const before = windows[at - 1];
      if (before === undefined || before.startMicros < start) break;
      if (before.startMicros === start) return before;
      at--;
    }
    const window = openWindow(start, start + windowMicros);
    windows.splice(at, 0, window);
    return window;
  }

  /** A session counts in the window in which it closes. */
  function closeSession(window: OpenWindow, session: SessionSum): void {
    if (session.ended || session.calls === 0) return;
    observe(window, 'session_tokens', session.tokens);
    observe(window, 'session_cost', session.costNanoUsd);
    observe(window, 'session_calls', session.calls);
  }

  function closeWindows(state: MeterState, watermarkMicros: number): MeasureDraft[] {
    const { windows, subject } = state;
    let closed = 0;
    while (closed < windows.length && (windows[closed]?.endMicros ?? Infinity) <= watermarkMicros) closed++;
    return closed === 0 ? [] : windows.splice(0, closed).map((window) => measureOf(window, subject));
  }

  return {
    id: 'meter',
    version: 1,

    keyOf: ({ event }) => tupleKey(event.tenant_id, event.agent_id, event.agent_version),

    create(key) {
      const [tenantId = '', agentId = '', agentVersion = ''] = tupleParts(key) ?? [];
      return { subject: { tenantId, agentId, agentVersion }, windows: [], sessions: new Map(), newest: noSession() };
    },

    onEvent(state, { event, timeMicros, watermarkMicros }) {
      if (Math.floor(timeMicros / windowMicros) * windowMicros + windowMicros <= watermarkMicros) {
        windowAt(state, watermarkMicros).sums.late_events++;
        return [];
      }
      const session = touchSession(state.sessions, state.newest, event.session_id, timeMicros);
      if (isRepeated(session, event.seq)) return [];
      const window = windowAt(state, timeMicros);
      if (session.countedMicros !== window.startMicros) {
        session.countedMicros = window.startMicros;
        window.sums.sessions++;
      }
      const call = countEvent(window, event);
      if (call) addCall(session, call);
      if (event.kind === 'SESSION_ENDED' && event.phase !== 'START') {
        closeSession(window, session);
        session.ended = true;
      }
      if (state.sessions.size > maxSessions) {
        for (const [id, idlest] of state.sessions) {
          closeSession(window, idlest);
          state.sessions.delete(id);
          break;
        }
      }
      return [];
    },

    dueAt(state) {
      const windowEnd = state.windows[0]?.endMicros;
      for (const session of state.sessions.values()) {
        const expiry = session.lastMicros + sessionIdleMicros;
        return windowEnd === undefined || expiry < windowEnd ? expiry : windowEnd;
      }
      return windowEnd;
    },

    onTime(state, watermarkMicros) {
      for (const [id, session] of state.sessions) {
        const expiry = session.lastMicros + sessionIdleMicros;
        if (expiry > watermarkMicros) break;
        if (!session.ended && session.calls > 0) closeSession(windowAt(state, expiry), session);
        state.sessions.delete(id);
        if (state.newest.sum === session) state.newest.sum = undefined;
      }
      return closeWindows(state, watermarkMicros);
    },

    onClose: (state) => closeWindows(state, Infinity),

    // The meter judges nothing.
    score: () => 0,

    encode(state) {
      const { subject, windows, sessions } = state;
      const writer = new StateWriter(STATE_VERSION);
      writer.text(subject.tenantId).text(subject.agentId).text(subject.agentVersion);
      writer.list(windows, (window) => {
        writeWindow(writer, window);
      });
      writeSessions(writer, sessions);
      return writer.done();
    },

    decode(bytes) {
      const reader = new StateReader(bytes, [STATE_VERSION]);
      const subject = { tenantId: reader.text(), agentId: reader.text(), agentVersion: reader.text() };
      return {
        subject,
        windows: reader.list(() => readWindow(reader)),
        sessions: readSessions(reader),
        newest: noSession(),
      };
    },
  };
}

function noSession(): NewestSession {
  return { id: '', sum: undefined };
}
