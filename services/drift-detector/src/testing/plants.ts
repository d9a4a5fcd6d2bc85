// All sessions of our own making, with what is true of each: for tests, and for an evaluation that shows them beside real ones.

import type { DriftView } from '../view.js';
import { innocents } from './innocents.js';
import { orders } from './orders.js';
import { cleanLong, goalChanged, slow, sudden } from './subjects.js';
import { hijacks, ignoredOrders, innocentTwins, type Planted } from './wordings.js';

/** A session, whether it drifts, and the kind that it is one of. */
export interface DriftPlant {
  readonly kind: string;
  readonly drifts: boolean;
  readonly events: readonly DriftView[];
}

/** The same seed makes the same sessions. */
export function driftPlants(seed: number): DriftPlant[] {
  const as =
    (drifts: boolean, kindOf: (planted: Planted) => string) =>
    (planted: Planted): DriftPlant => ({ kind: kindOf(planted), drifts, events: planted.session.events });
  /** Of language/form or kind/deed. */
  const secondPart = ({ name }: Planted): string => name.split('/')[1] ?? name;
  const wording = ({ name }: Planted): string => name.slice(0, name.indexOf(':'));
  return [
    ...hijacks(seed).map(as(true, (planted) => `order followed, ${wording(planted)}`)),
    ...orders(seed, true).map(as(true, (planted) => `order in five languages, ${secondPart(planted)}`)),
    ...sudden(seed).map(as(true, () => 'another subject at once')),
    ...slow(seed).map(as(true, () => 'another subject little by little')),
    ...ignoredOrders(seed).map(as(false, () => 'order ignored')),
    ...orders(seed, false).map(as(false, () => 'order in five languages, ignored')),
    ...innocents(seed).map(as(false, (planted) => `in five languages, ${secondPart(planted)}`)),
    ...innocentTwins(seed).map(as(false, ({ name }) => name)),
    ...cleanLong(seed).map(as(false, () => 'long and clean')),
    ...goalChanged(seed).map(as(false, () => 'goal changed by the user')),
  ];
}
