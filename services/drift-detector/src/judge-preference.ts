// Judges what a session chooses: takes offers and choices in, and says at the end of a period whether preference has slid.

import { hash32, type DetectionDraft } from '@watchkeeper/schemas';
import { closeAll, tell } from './episodes.js';
import { slideFinding } from './explain.js';
import type { CallReading } from './signals/call.js';
import { chosenBy } from './signals/choices.js';
import { mayOffer, offersOf } from './signals/offers.js';
import type { PreferenceReading } from './signals/preference.js';
import type { DriftOptions } from './options.js';
import type { DriftState } from './state.js';
import { markOf, type Spending } from './spending.js';
import type { WordVectors } from './text/word-vectors.js';
import type { DriftView } from './view.js';

/** A call whose result brings this little news acts. */
const ACTS = 0.5;
/** So many options make a listing. */
const LEAST_OFFERS = 2;

/** Of a result, so much is looked through for the amount. */
const MAX_RESULT_UNITS = 400;
/** What a person says is no longer than this; longer messages bring documents, whose authors are others. */
const MAX_SPOKEN_UNITS = 600;

/** A goal says what counts; one that is news begins anew. */
export function heedGoal(state: DriftState, text: string, isNews: boolean): void {
  if (isNews) state.preference.restart();
  state.preference.want(text, isNews);
}

/** A user's message brings options with figures, or says what counts from now on. */
export function heedUser(state: DriftState, text: string, vectors: WordVectors): void {
  const offers = mayOffer(text) ? offersOf(text) : [];
  if (offers.length >= LEAST_OFFERS) state.preference.offer(offers);
  else if (text.length <= MAX_SPOKEN_UNITS) state.preference.hear(text, vectors);
}

/** A call that lists options offers them; one that acts on an option chooses it. */
export function judgePreference(
  state: DriftState,
  event: DriftView,
  call: CallReading,
  before: Spending,
  settings: DriftOptions,
): DetectionDraft[] {
  const offers = mayOffer(event.output) ? offersOf(event.output) : [];
  if (offers.length >= LEAST_OFFERS) {
    const drafts = endPeriod(state, false, settings);
    state.preference.offer(offers);
    return drafts;
  }
  if (!state.preference.offersSomething || call.acts < ACTS || event.status === 'ERROR') return [];
  const tool = hash32(call.tool);
  const { options, quantities } = chosenBy(call.args, state.preference);
  if (options.length === 0) return [];
  const isConfirmed = repeats(event.output, quantities);
  for (const option of options)
    state.preference.choose({ tool, names: [option], quantities }, isConfirmed, markOf(event, before));
  return [];
}

/** A period ends: with a user's message or the session (`byUser`), or with a new listing. */
export function endPeriod(state: DriftState, byUser: boolean, settings: DriftOptions): DetectionDraft[] {
  const reading = state.preference.endPeriod(byUser, settings.words);
  return reading ? judgeSlide(state, reading, settings.slideThreshold) : [];
}

function judgeSlide(state: DriftState, reading: PreferenceReading, threshold: number): DetectionDraft[] {
  if (reading.begins) state.slideOnset = reading.first;
  state.best.slide = Math.max(state.best.slide, reading.sum / threshold);
  if (reading.sum === 0) return closeAll(state, ({ kind }) => kind === 'slide');
  if (reading.sum < threshold || reading.step <= 0) return [];
  state.slideOnset ??= reading.first;
  const finding = slideFinding(reading, state.slideOnset.seq, state.goal, threshold);
  return tell(state, 'slide', state.slideOnset, reading.last, finding);
}

/** Whether a result holds one of the numbers that the call gave. */
function repeats(output: string, quantities: readonly (readonly [number, number])[]): boolean {
  const found = output.slice(0, MAX_RESULT_UNITS).match(/\d[\d,]*(?:\.\d+)?/gu) ?? [];
  return found.some((text) => quantities.some(([, value]) => Number(text.replaceAll(',', '')) === Math.abs(value)));
}
