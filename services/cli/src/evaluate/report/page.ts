// The report: one HTML file that needs nothing else.

import type { EvaluatedSet } from '../evaluate-set.js';
import type { Question } from '../labels.js';
import { textsOf } from './excerpt.js';
import { html, Markup } from './html.js';
import type { PlantedFigures } from '../planted/planted-set.js';
import { plantedSection } from './planted-section.js';
import { setSection, shownOf } from './set-section.js';
import { STYLE } from './style.js';

/** The page as text, its template's indentation taken out. Reads the traces of the sessions that it shows once more; throws what reading them throws. */
export async function reportPage(
  question: Question,
  sets: readonly EvaluatedSet[],
  planted?: PlantedFigures,
): Promise<string> {
  const sections: Markup[] = [];
  for (const set of sets) {
    const wanted = new Set(shownOf(set).map(({ judged }) => judged.truth.session));
    sections.push(setSection(set, await textsOf(set.file, wanted)));
  }
  if (planted !== undefined) sections.push(plantedSection(planted));
  const names = [...sets.map(({ figures }) => figures.set), ...(planted === undefined ? [] : [planted.set])];
  const title = question === 'loops' ? 'Loops' : 'Goal drift';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}: what the detector gets right and wrong</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}: what the detector gets right and wrong</h1>
          <p class="lead">
            Every session of each set, judged by the detector as it ships and, on the same steps, by the rules that
            agents use and by length alone. Intervals are 95 % by session.
          </p>
          <nav>${names.map((name) => html`<a href="#${name}">${name}</a>`)}</nav>
          <p class="legend note">
            ${swatch('var(--own)')}detector, its point as it ships ${swatch('var(--rule)')}rules, by their number in the
            table. In a session: a block per step, one colour per tool; ${swatch('var(--yes)')}labelled yes, or how far
            from the goal; ${swatch('var(--flag)')}flagged, with a line where it was told.
          </p>
          ${sections}
        </main>
      </body>
    </html>`.text.replace(/\s*\n\s*/g, '\n');
}

function swatch(colour: string): Markup {
  return html`<i class="swatch" style="background:${colour}"></i>`;
}
