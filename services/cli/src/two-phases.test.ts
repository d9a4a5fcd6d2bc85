// The model of two-phase aggregation: meters that run at their own pace, die, start again or are backfilled, and one judge behind their marks.

import { anomalyEngine, anomalyInput, type MeasureInput } from '@watchkeeper/anomaly-detector';
import {
  EMPTY_PARTITION,
  markKeeper,
  markOf,
  meterEngine,
  meterInput,
  type MeasureDraft,
  type MeterEvent,
} from '@watchkeeper/meter';
import {
  eventTimeWatermark,
  KeyedEngine,
  type EngineOptions,
  type Watermark,
  type WatermarkPolicy,
} from '@watchkeeper/runtime';
import type { Detector } from '@watchkeeper/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const SOURCES = 3;
const WINDOW_MICROS = 10_000_000;
const START_MICROS = 1_760_000_000_000_000;
const END_MICROS = START_MICROS + 1_200_000_000;

interface Happening {
  readonly agent: string;
  /** Seconds since the event before it in its partition; some come out of order, some too late. */
  readonly after: number;
}

type Step =
  | { readonly kind: 'read'; readonly source: number; readonly events: number }
  | { readonly kind: 'checkpoint' | 'crash' | 'backfill' | 'idle'; readonly source: number };

/** The judge: tells each agent's windows as they close, with the sums they have then. */
interface Windows {
  readonly key: string;
  readonly open: Map<number, { endMicros: number; events: number; calls: number }>;
}

const judge: Detector<Windows, MeasureInput, string> = {
  id: 'windows',
  version: 1,
  keyOf: (measure) => measure.agent_id,
  create: (key) => ({ key, open: new Map() }),
  onEvent({ open }, measure) {
    const window = open.get(measure.window_start) ?? { endMicros: measure.window_end, events: 0, calls: 0 };
    window.events += measure.events;
    window.calls += measure.llm_calls;
    open.set(measure.window_start, window);
    return [];
  },
  dueAt: ({ open }) => (open.size === 0 ? undefined : Math.min(...[...open.values()].map((one) => one.endMicros))),
  onTime({ key, open }, watermarkMicros) {
    const closed = [...open].filter(([, { endMicros }]) => endMicros <= watermarkMicros).sort(([a], [b]) => a - b);
    return closed.map(([startMicros, { events, calls }]) => {
      open.delete(startMicros);
      return `${key} ${(startMicros - START_MICROS) / WINDOW_MICROS}: ${events} ${calls}`;
    });
  },
  onClose: () => [],
  score: () => 0,
  encode: () => Buffer.alloc(0),
  decode: () => ({ key: '', open: new Map() }),
};

/** One source partition's meter and its log. What it says goes to `measures`, as the role would say it. */
class Meter {
  readonly #source: number;
  readonly #events: readonly MeterEvent[];
  readonly #measures: MeasureInput[];
  #engine = new KeyedEngine(meterEngine(), { trackChanges: true });
  #marks = markKeeper(WINDOW_MICROS);
  #position = 0;
  #kept: { states: Map<string, Buffer>; partition: Buffer; position: number } | undefined;

  constructor(source: number, events: readonly MeterEvent[], measures: MeasureInput[]) {
    this.#source = source;
    this.#events = events;
    this.#measures = measures;
  }

  read(count: number): void {
    const batch = this.#events.slice(this.#position, this.#position + count);
    const said = batch.flatMap((event, at) => {
      const input = meterInput(event, { timestampMs: END_MICROS / 1000 }, this.#engine);
      return [...this.#engine.observe(input, this.#position + at)];
    });
    this.#position += batch.length;
    this.#say(said);
  }

  /** The log's end, as a mark says it. */
  idle(): void {
    if (this.#position < this.#events.length) return;
    if (this.#events.length === 0) this.#measures.push(this.#mark(EMPTY_PARTITION));
    else this.#say(this.#engine.advance(END_MICROS));
  }

  checkpoint(): void {
    const states = new Map(this.#kept?.states);
    for (const { key, state } of this.#engine.takeChanges()) {
      if (state) states.set(key, state);
      else states.delete(key);
    }
    this.#kept = { states, partition: this.#engine.encodePartition(), position: this.#position };
  }

  /** It goes on from its last checkpoint, and says again what it said since. */
  crash(): void {
    this.#engine = new KeyedEngine(meterEngine(), { trackChanges: true });
    this.#marks = markKeeper(WINDOW_MICROS);
    this.#position = this.#kept?.position ?? 0;
    if (!this.#kept) return;
    for (const [key, state] of this.#kept.states) this.#engine.keep(key, state);
    this.#engine.restore(this.#kept.partition);
  }

  backfill(): void {
    this.#kept = undefined;
    this.crash();
  }

  #say(drafts: readonly MeasureDraft[]): void {
    const of = { source_partition: this.#source, source_partitions: SOURCES, record_kind: 'MEASURE' };
    this.#measures.push(...drafts.map((draft) => ({ ...draft, ...of }) as unknown as MeasureInput));
    const until = this.#marks.next(this.#source, this.#engine.watermarkMicros);
    if (until !== undefined) this.#measures.push(this.#mark(until));
  }

  #mark(untilMicros: number): MeasureInput {
    return markOf(this.#source, SOURCES, untilMicros);
  }
}

function eventsOf(happenings: readonly Happening[]): MeterEvent[] {
  let micros = START_MICROS;
  return happenings.map(({ agent, after }, seq) => {
    micros = Math.min(END_MICROS - 20_000_000, Math.max(START_MICROS, micros + after * 1_000_000));
    return {
      tenant_id: 't',
      agent_id: agent,
      agent_version: '1',
      session_id: 's',
      seq,
      occurred_at: micros,
      kind: 'LLM_CALL',
      phase: 'POINT',
      name: '',
      status: 'OK',
      duration_ms: 1,
      time_to_first_token_ms: 1,
      input_tokens: 1,
      output_tokens: 1,
      cost_nano_usd: 1,
    } as unknown as MeterEvent;
  });
}

type JudgeOptions = EngineOptions<Windows, MeasureInput, string>;
const { watermark, timeOf } = anomalyEngine();
const withMarks: JudgeOptions = {
  detector: judge,
  watermark,
  timeOf,
  isMark: (input) => input.record_kind === 'MARK',
  idleMs: 1e9,
  maxKeys: 1e6,
};

/** What is judged of the given events under a schedule. */
function verdicts(given: readonly (readonly Happening[])[], steps: readonly Step[], options = withMarks): string[] {
  const measures: MeasureInput[] = [];
  const meters = given.map((happenings, source) => new Meter(source, eventsOf(happenings), measures));
  for (const step of steps) {
    const meter = meters[step.source];
    if (step.kind === 'read') meter?.read(step.events);
    else meter?.[step.kind]();
  }
  for (const [source, meter] of meters.entries()) {
    meter.read(given[source]?.length ?? 0);
    meter.idle();
  }
  const engine = new KeyedEngine(options);
  const told = measures.flatMap((measure, offset) => {
    const at = { watermarkMicros: engine.watermarkMicros, skip: () => undefined };
    const input = anomalyInput(measure, undefined, at);
    return input ? [...engine.observe(input, offset)] : [];
  });
  return told.sort();
}

const source = fc.nat({ max: SOURCES - 1 });
const happenings = fc.array(fc.record({ agent: fc.constantFrom('a', 'b'), after: fc.integer({ min: -15, max: 40 }) }), {
  maxLength: 40,
});
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      // One meter may read all it has before another begins: minutes behind, or hours.
      arbitrary: fc.record({ kind: fc.constant('read' as const), source, events: fc.integer({ min: 1, max: 40 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom('checkpoint', 'crash', 'backfill', 'idle'), source }),
    },
  ),
  { maxLength: 25 },
);
const worlds = fc.tuple(fc.array(happenings, { minLength: SOURCES, maxLength: SOURCES }), steps);

describe('two phases', () => {
  it('judge the same windows alike, whichever meter is behind, dies, is empty or is backfilled', () => {
    let windows = 0;
    fc.assert(
      fc.property(worlds, ([given, schedule]) => {
        const told = verdicts(given, schedule);
        windows += told.length;
        expect(told).toEqual(verdicts(given, []));
      }),
      { numRuns: 2_000 },
    );
    expect(windows).toBeGreaterThan(20_000);
  }, 120_000);

  it.each([
    [
      'the marks',
      {
        ...withMarks,
        watermark: eventTimeWatermark<MeasureInput>({ timeOf: (one) => one.window_end, latenessMicros: 0 }),
      },
    ],
    ['dropping what a source has marked', { ...withMarks, watermark: believingRepeats() }],
  ])('would not without %s', (_what, broken) => {
    const { failed } = fc.check(
      fc.property(worlds, ([given, schedule]) => {
        expect(verdicts(given, schedule, broken)).toEqual(verdicts(given, [], broken));
      }),
      { numRuns: 500, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });
});

/** The marks' watermark where what a meter says twice counts twice. */
function believingRepeats(): WatermarkPolicy<MeasureInput> {
  const create = (): Watermark<MeasureInput> => {
    const marks = watermark.create();
    return {
      observe: (input) => marks.observe(input),
      advance: (toMicros) => marks.advance(toMicros),
      get micros() {
        return marks.micros;
      },
      encode: () => marks.encode(),
    };
  };
  return { create, decode: create };
}
