// Windows that wait for the watermark: what all source partitions saw of an agent, added up per window.

import type { HistogramArrays, StateReader, StateWriter } from '@watchkeeper/schemas';
import { LEVEL_METRICS, type LevelMetric } from './options.js';
import { countOf, mergedArrays } from './tally.js';
import type { MeasureInput } from './view.js';

/** One window of one agent over all partitions. Integers alone: the order of adding changes nothing. */
export interface Slot {
  readonly startMicros: number;
  endMicros: number;
  agentVersion: string;
  events: number;
  calls: number;
  failed: number;
  /** The most sessions at once in any window of the slot. */
  sessions: number;
  sessionsStarted: number;
  /** Calls by tool; undefined where none was called. */
  tools: Map<string, number> | undefined;
  /** Values are never changed in place: they may be a measure's own arrays. */
  readonly levels: Map<LevelMetric, HistogramArrays>;
}

/** Widths that windows are joined to where too many wait: a source partition lies far behind the others. */
const GRAINS_MICROS = [60e6, 300e6, 1800e6, 7200e6] as const;

const NOTHING: HistogramArrays = { buckets: [], counts: [] };

/** Slots by start, ascending. */
export class PendingSlots {
  readonly #slots: Slot[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#slots.length;
  }

  /** When the first slot can be judged. */
  get firstEndMicros(): number | undefined {
    return this.#slots[0]?.endMicros;
  }

  add(measure: MeasureInput): void {
    const slot = this.#at(measure.window_start, measure.window_end);
    if (measure.agent_version > slot.agentVersion) slot.agentVersion = measure.agent_version;
    slot.events += measure.events;
    slot.calls += measure.llm_calls + measure.tool_calls;
    slot.failed += measure.llm_errors + measure.tool_errors;
    slot.sessions += measure.sessions;
    slot.sessionsStarted += measure.sessions_started;
    foldTools(slot, Object.entries(measure.tools));
    fold(slot, 'latency', measure.latency_buckets, measure.latency_counts);
    fold(slot, 'tool_latency', measure.tool_latency_buckets, measure.tool_latency_counts);
    fold(slot, 'time_to_first_token', measure.first_token_buckets, measure.first_token_counts);
    fold(slot, 'tokens', measure.call_tokens_buckets, measure.call_tokens_counts);
    fold(slot, 'cost', measure.call_cost_buckets, measure.call_cost_counts);
    fold(slot, 'session_calls', measure.session_calls_buckets, measure.session_calls_counts);
    for (let grain = 0; this.#slots.length > this.#most; grain++) this.#coarsen(GRAINS_MICROS[grain]);
  }

  /** Takes the first slot out where the watermark has passed it. */
  takeUntil(watermarkMicros: number): Slot | undefined {
    const first = this.#slots[0];
    return first && first.endMicros <= watermarkMicros ? this.#slots.shift() : undefined;
  }

  encode(writer: StateWriter): void {
    writer.list(this.#slots, (slot) => {
      writer
        .int(slot.startMicros)
        .int(slot.endMicros - slot.startMicros)
        .text(slot.agentVersion);
      writer.int(slot.events).int(slot.calls).int(slot.failed).int(slot.sessions).int(slot.sessionsStarted);
      writer.list([...(slot.tools ?? [])], ([tool, count]) => writer.text(tool).int(count));
      for (const metric of LEVEL_METRICS) {
        const { buckets, counts } = slot.levels.get(metric) ?? NOTHING;
        writer.list(buckets, (bucket) => writer.int(bucket)).list(counts, (count) => writer.int(count));
      }
    });
  }

  /** `hasTools`: states before version 4 hold none. */
  decode(reader: StateReader, hasTools: boolean): void {
    for (let left = reader.int(); left > 0; left--) {
      const startMicros = reader.int();
      const slot = newSlot(startMicros, startMicros + reader.int());
      slot.agentVersion = reader.text();
      slot.events = reader.int();
      slot.calls = reader.int();
      slot.failed = reader.int();
      slot.sessions = reader.int();
      slot.sessionsStarted = reader.int();
      if (hasTools)
        foldTools(
          slot,
          reader.list(() => [reader.text(), reader.int()] as const),
        );
      for (const metric of LEVEL_METRICS) {
        const buckets = reader.list(() => reader.int());
        const counts = reader.list(() => reader.int());
        if (buckets.length > 0) slot.levels.set(metric, { buckets, counts });
      }
      this.#slots.push(slot);
    }
  }

  #at(startMicros: number, endMicros: number): Slot {
    const slots = this.#slots;
    let at = slots.length;
    while (at > 0) {
      const before = slots[at - 1];
      if (!before || before.startMicros < startMicros) {
        // A coarser slot that covers this window takes it in.
        if (before && before.endMicros >= endMicros) return before;
        break;
      }
      if (before.startMicros === startMicros) {
        before.endMicros = Math.max(before.endMicros, endMicros);
        return before;
      }
      at--;
    }
    const slot = newSlot(startMicros, endMicros);
    slots.splice(at, 0, slot);
    return slot;
  }

  /** Joins slots to `grainMicros`; without one, all of them to one. */
  #coarsen(grainMicros: number | undefined): void {
    const before = this.#slots.splice(0);
    for (const slot of before) {
      const last = this.#slots.at(-1);
      const sameGrain =
        last !== undefined &&
        (grainMicros === undefined ||
          Math.floor(last.startMicros / grainMicros) === Math.floor(slot.startMicros / grainMicros));
      if (last && sameGrain) join(last, slot);
      else this.#slots.push(slot);
    }
  }
}

function newSlot(startMicros: number, endMicros: number): Slot {
  return {
    startMicros,
    endMicros,
    agentVersion: '',
    events: 0,
    calls: 0,
    failed: 0,
    sessions: 0,
    sessionsStarted: 0,
    tools: undefined,
    levels: new Map(),
  };
}

function fold(slot: Slot, metric: LevelMetric, buckets: readonly number[], counts: readonly number[]): void {
  if (buckets.length === 0) return;
  const more = { buckets, counts };
  if (countOf(more) === 0) return;
  const before = slot.levels.get(metric);
  slot.levels.set(metric, before ? mergedArrays(before, more) : more);
}

function foldTools(slot: Slot, tools: Iterable<readonly [string, number]>): void {
  for (const [tool, count] of tools) {
    slot.tools ??= new Map();
    slot.tools.set(tool, (slot.tools.get(tool) ?? 0) + count);
  }
}

function join(into: Slot, slot: Slot): void {
  into.endMicros = Math.max(into.endMicros, slot.endMicros);
  if (slot.agentVersion > into.agentVersion) into.agentVersion = slot.agentVersion;
  into.events += slot.events;
  into.calls += slot.calls;
  into.failed += slot.failed;
  into.sessions = Math.max(into.sessions, slot.sessions);
  into.sessionsStarted += slot.sessionsStarted;
  foldTools(into, slot.tools ?? []);
  for (const [metric, { buckets, counts }] of slot.levels) fold(into, metric, buckets, counts);
}
