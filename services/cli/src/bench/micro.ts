// (d) CPU microseconds per event: of the emitter at the call, of each detector and the meter, and of decoding for them.

import { anomalyEngine, anomalyInput, AnomalyView } from '@watchkeeper/anomaly-detector';
import { driftEngine, driftInput, DriftView } from '@watchkeeper/drift-detector';
import { createEmitter } from '@watchkeeper/emitter';
import { loopEngine, loopInput, LoopView } from '@watchkeeper/loop-detector';
import { meterEngine, meterInput, MeterView } from '@watchkeeper/meter';
import { KeyedEngine, type EngineOptions } from '@watchkeeper/runtime';
import { catalogueIds, encodeWire, viewDecoder, writerTypes, type View } from '@watchkeeper/schemas';
import { eventEncoder, filling, Fleet } from '../simulate/index.js';
import type { Bench } from './place.js';

const MOST_EVENTS = 100_000;
const ROUNDS = 3;

export interface MicroResult {
  readonly events: number;
  readonly bytesPerEvent: number;
  /** CPU microseconds per event: the best of three rounds, garbage collection included. */
  readonly microsPerEvent: Readonly<Record<string, number>>;
}

interface Sample {
  readonly value: Buffer;
  readonly timestampMs: number;
}

const schemas = catalogueIds();

/** All events are of one partition, the anomaly detector's figure is per measure. */
export async function micro(bench: Bench, events: number): Promise<MicroResult> {
  const count = Math.min(events, MOST_EVENTS);
  bench.say(`Measuring single parts on ${count} events …`);
  const samples = samplesOf(count);
  const microsPerEvent: Record<string, number> = { emitter: await emitterMicros(count) };
  const measures: Sample[] = [];
  const judge = <V, State, Input, Output>(
    name: string,
    view: View<V>,
    engineOf: () => EngineOptions<State, Input, Output>,
    toInput: (view: V, sample: Sample, engine: KeyedEngine<State, Input, Output>) => Input | undefined,
    input: readonly Sample[] = samples,
    onOutput: (output: Output) => void = () => undefined,
  ): void => {
    const best = { decode: Infinity, judge: Infinity };
    for (let round = 0; round < ROUNDS; round++) {
      const decode = viewDecoder(view, schemas.writerTypeOf);
      const engine = new KeyedEngine(engineOf());
      const decodeMicros = cpuMicros(() => {
        for (const { value } of input) decode(value);
      });
      const bothMicros = cpuMicros(() => {
        for (const [offset, sample] of input.entries()) {
          const decoded = decode(sample.value);
          if (decoded.kind === 'bad') continue;
          const one = toInput(decoded.value, sample, engine);
          if (one === undefined) continue;
          for (const output of engine.observe(one, offset)) if (round === 0) onOutput(output);
        }
      });
      best.decode = Math.min(best.decode, decodeMicros / input.length);
      best.judge = Math.min(best.judge, (bothMicros - decodeMicros) / input.length);
    }
    microsPerEvent[`${name} decoding`] = rounded(best.decode);
    microsPerEvent[name] = rounded(best.judge);
  };
  judge('loop-detector', LoopView, loopEngine, loopInput);
  judge('drift-detector', DriftView, driftEngine, driftInput);
  judge('meter', MeterView, meterEngine, meterInput, samples, (draft) => {
    const measure = { ...draft, source_partition: 0, source_partitions: 1 };
    const value = encodeWire(schemas.idOf('Measure'), writerTypes.Measure, measure);
    measures.push({ value, timestampMs: draft.window_end / 1_000 });
  });
  if (measures.length > 0)
    judge(
      'anomaly-detector per measure',
      AnomalyView,
      anomalyEngine,
      (measure, _, engine) => {
        // A mark after each window, as the meter would write.
        engine.advance(measure.window_start - 60_000_000);
        const at = { watermarkMicros: engine.watermarkMicros, skip: () => undefined };
        return anomalyInput(measure, undefined, at);
      },
      measures,
    );
  const bytes = samples.reduce((sum, { value }) => sum + value.length, 0);
  return { events: count, bytesPerEvent: Math.round(bytes / samples.length), microsPerEvent };
}

function samplesOf(count: number): Sample[] {
  const fleet = new Fleet(filling({ seed: 'micro', events: count, faultyShare: 0.05, endMicros: Date.now() * 1_000 }));
  const encode = eventEncoder(schemas.idOf('AgentEvent'));
  const samples: Sample[] = [];
  for (const event of fleet.events()) {
    const { value } = encode(event);
    if (value) samples.push({ value, timestampMs: event.occurred_at / 1_000 });
    if (samples.length === count) break;
  }
  return samples;
}

/** The SDK at the call: record, fingerprint, encode, buffer; content in full. */
async function emitterMicros(count: number): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const emitter = createEmitter({
      transport: { send: () => Promise.resolve() },
      tenantId: 'acme',
      agentId: 'travel-agent',
      agentVersion: '1.4.2',
      contentLevel: 'FULL',
      bufferEvents: 2 * count,
    });
    const session = emitter.session({ goal: 'Find the cheapest way from Paris to Rome' });
    const micros = cpuMicros(() => {
      for (let n = 0; n < count; n++)
        session.tool({
          name: 'search_flights',
          input: { from: 'Paris', to: 'Rome', date: '2024-05-01', adults: 2, page: n % 7, sort: 'price' },
          output: `Found ${n % 50} flights. The cheapest is AZ ${300 + (n % 50)} at 129.50 EUR, leaving CDG 09:30 from terminal 2F and reaching FCO at 11:35; two more leave after noon for ${140 + (n % 50)} EUR.`,
          durationMs: 412.5,
          status: 'OK',
        });
    });
    best = Math.min(best, micros / count);
    await emitter.close();
  }
  return rounded(best);
}

/** CPU of the whole process, so that a busy machine does not count and the collector does. */
function cpuMicros(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function rounded(micros: number): number {
  return Math.round(micros * 10) / 10;
}
