// A planted set's part of the report: how many of each kind were found, how many innocent ones were flagged.

import type { PlantedFigures } from '../planted/planted-set.js';
import { html, type Markup } from './html.js';
import { share } from './words.js';

export function plantedSection({ set, detector, sessions, positives, variants }: PlantedFigures): Markup {
  const methods = Object.keys(Object.values(variants)[0]?.baselines ?? {});
  const rows = Object.entries(variants);
  const part = (title: string, positive: boolean): Markup =>
    html`<h3>${title}</h3>
      <table class="methods">
        <thead>
          <tr>
            <th></th>
            <th scope="col">sessions</th>
            ${[detector, ...methods].map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows
            .filter(([, variant]) => variant.positive === positive)
            .map(
              ([name, variant]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td>${variant.sessions}</td>
                  <td class="own">${share(variant.flagged / variant.sessions)}</td>
                  ${methods.map((method) => html`<td>${share((variant.baselines[method] ?? 0) / variant.sessions)}</td>`)}
                </tr>`,
            )}
        </tbody>
      </table>`;
  return html`<section id="${set}">
    <h2>${set}</h2>
    <p class="lead">
      Sessions of our own making: ${positives} with what is looked for, and ${sessions - positives} innocent ones that
      look like it.
    </p>
    ${part('Share that was found', true)} ${part('Share of innocent ones that were flagged', false)}
  </section>`;
}
