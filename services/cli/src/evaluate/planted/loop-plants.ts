// The planted loops: cycles and innocent twins put into real sessions of the data folder.

import { sessionEnd, traceEvents } from '../../replay/index.js';
import type { FleetEvent } from '../../simulate/clock.js';
import { Rng } from '../../simulate/world/rng.js';
import { TIMES_END_MS } from '../evaluate-set.js';
import { disguises, plantCycle, type Planted } from './cycles.js';
import { plantTwin, twins } from './innocents.js';
import { readMaterial, type Lines, type Material } from './material.js';
import type { Plant } from './planted-set.js';

const LONGEST_PERIOD = 8;
const CYCLES_EACH = 12;
const TWINS_EACH = 50;
const TRIES = 4_000;
const STEP_MICROS = 5_000_000;
const HOUR_MICROS = 3_600_000_000;

/** Empty where the folder holds no session to plant into. Throws the errors of reading traces and labels. */
export async function loopPlants(tracesFolder: string, set: string, seed: string | number = 1): Promise<Plant[]> {
  const material = await readMaterial(tracesFolder);
  if (material.hosts.length === 0 || material.clean.length === 0) return [];
  const rng = new Rng(seed, 'planted');
  return [...cyclesIn(material, rng), ...twinsIn(material, rng)].map(
    ({ session, positive, variants, lines, from, to }, i) => ({
      session,
      positive,
      variants,
      events: eventsOf(set, session, lines, TIMES_END_MS * 1000 + i * HOUR_MICROS),
      span: { from, to },
    }),
  );
}

interface NamedPlant extends Planted {
  readonly session: string;
  readonly positive: boolean;
  readonly variants: readonly string[];
}

function* cyclesIn({ hosts, chatter }: Material, rng: Rng): Generator<NamedPlant> {
  for (const disguise of disguises)
    for (let period = 1; period <= LONGEST_PERIOD; period++)
      for (const planted of several(CYCLES_EACH, () =>
        plantCycle(rng.pick(rng.pick(hosts)), period, disguise, chatter, rng),
      ))
        yield {
          ...planted,
          session: `${disguise} ${period} ${planted.number}`,
          positive: true,
          variants: [disguise, `period ${period}`],
        };
}

function* twinsIn(material: Material, rng: Rng): Generator<NamedPlant> {
  for (const twin of twins)
    for (const planted of several(TWINS_EACH, () => plantTwin(rng.pick(rng.pick(material.clean)), twin, material, rng)))
      yield { ...planted, session: `${twin} ${planted.number}`, positive: false, variants: [twin] };
}

/** Tries until `count` plants are made, or it has tried enough. */
function* several(count: number, plant: () => Planted | undefined): Generator<Planted & { readonly number: number }> {
  let number = 0;
  for (let tries = 0; tries < TRIES && number < count; tries++) {
    const planted = plant();
    if (planted !== undefined) yield { ...planted, number: number++ };
  }
}

/** Steps are numbered anew: what was put in has moved those behind it. */
function eventsOf(set: string, session: string, lines: Lines, startMicros: number): FleetEvent[] {
  const events = lines.flatMap((line, step) => {
    const micros = startMicros + step * STEP_MICROS;
    return traceEvents(set, set, { ...line, session, step }, micros, micros - STEP_MICROS / 2);
  });
  return [...events, sessionEnd(set, set, session, lines.length - 1, startMicros + lines.length * STEP_MICROS)];
}
