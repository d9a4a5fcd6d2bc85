// Judges what a session chooses: takes offers and choices in, and says at the end of a period whether preference has slid.

import { hash32, type DetectionDraft } from '@watchkeeper/schemas';
import { closeAll, tell } from './episodes.js';
import { slideFinding } from './explain.js';
import type { CallReading } from './signals/call.js';
import { chosenBy } from './signals/choices.js';
import { mayOffer, offersOf } from './signals/offers.js';
import { SLIDE_SUM, type PreferenceReading } from './signals/preference.js';
import type { DriftState } from './state.js';
import { markOf, type Spending } from './spending.js';
import type { DriftView } from './view.js';

/** A call whose result brings this little news acts. */
const ACTS = 0.5;
/** So many options make a listing. */
const LEAST_OFFERS = 2;

/** What goal or user say: options with figures, or what counts. */
export function heedAuthority(state: DriftState, text: string, isNewGoal: boolean): void {
  const offers = mayOffer(text) ? offersOf(text) : [];
  if (offers.length >= LEAST_OFFERS) state.preference.offer(offers);
  else state.preference.want(text);
  if (isNewGoal) state.preference.restart();
}

/** A call that lists options offers them; one that acts on an option chooses it. */
export function judgePreference(
  state: DriftState,
  event: DriftView,
  call: CallReading,
  before: Spending,
): DetectionDraft[] {
  const offers = mayOffer(event.output) ? offersOf(event.output) : [];
  if (offers.length >= LEAST_OFFERS) {
    const drafts = endPeriod(state, false);
    state.preference.offer(offers);
    return drafts;
  }
  if (!state.preference.offersSomething || call.acts < ACTS || event.status === 'ERROR') return [];
  const tool = hash32(call.tool);
  const { options, quantities } = chosenBy(event.input, state.preference);
  for (const option of options) state.preference.choose(tool, [option], quantities, markOf(event, before));
  return [];
}

/** A period ends: with a user's message or the session (`byUser`), or with a new listing. */
export function endPeriod(state: DriftState, byUser: boolean): DetectionDraft[] {
  const reading = state.preference.endPeriod(byUser);
  return reading ? judgeSlide(state, reading) : [];
}

function judgeSlide(state: DriftState, reading: PreferenceReading): DetectionDraft[] {
  if (reading.begins) state.slideOnset = reading.first;
  state.best.slide = Math.max(state.best.slide, reading.sum / SLIDE_SUM);
  if (reading.sum === 0) return closeAll(state, ({ kind }) => kind === 'slide');
  if (reading.sum < SLIDE_SUM || reading.step === 0) return [];
  state.slideOnset ??= reading.first;
  const finding = slideFinding(reading, state.slideOnset.seq, state.goal);
  return tell(state, 'slide', state.slideOnset, reading.last, finding);
}
