// Charts as SVG: a square with both axes from 0 to 1, and a row of dots over a line of numbers.

import type { CurvePoint } from '../statistics/ranking.js';
import { html, type Markup } from './html.js';

/** A method's place on a chart; `label` is its number in the table. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly name: string;
}

export interface UnitChart {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  readonly line: readonly (readonly [x: number, y: number])[];
  /** Where the detector stands at the threshold that it ships. */
  readonly own: Omit<Place, 'label'> | undefined;
  readonly others: readonly Place[];
}

const SIDE = 280;
const LEFT = 44;
const TOP = 14;
const px = (x: number): number => LEFT + x * SIDE;
const py = (y: number): number => TOP + (1 - y) * SIDE;

/** From (0, 0) through the points to (1, 1). */
export function rocLine(curve: readonly CurvePoint[]): [number, number][] {
  return [[0, 0], ...curve.map(({ fpr, recall }): [number, number] => [fpr, recall]), [1, 1]];
}

/** Steps: each stretch of recall at the precision that it was bought at, as average precision counts it. */
export function precisionRecallLine(curve: readonly CurvePoint[]): [number, number][] {
  let before = 0;
  return curve.flatMap(({ recall, precision }): [number, number][] => {
    const from = before;
    before = recall;
    return [
      [from, precision],
      [recall, precision],
    ];
  });
}

/** A curve with the detector's own point and those of other methods. */
export function unitChart({ title, xName, yName, line, own, others }: UnitChart): Markup {
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const path = line.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join('');
  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${LEFT + SIDE + 24} ${TOP + SIDE + 44}" role="img" aria-label="${title}">
      ${ticks.map(
        (tick) =>
          html`<path class="grid" d="M${px(tick)} ${py(0)}V${py(1)}M${px(0)} ${py(tick)}H${px(1)}" />
            <text class="tick" x="${px(tick)}" y="${py(0) + 16}" text-anchor="middle">${tick}</text>
            <text class="tick" x="${px(0) - 8}" y="${py(tick) + 4}" text-anchor="end">${tick}</text>`,
      )}
      <text class="axis" x="${px(0.5)}" y="${py(0) + 36}" text-anchor="middle">${xName}</text>
      <text class="axis" transform="translate(12 ${py(0.5)}) rotate(-90)" text-anchor="middle">${yName}</text>
      ${path === '' ? undefined : html`<path class="curve" d="${path}" />`}
      ${grouped(others).map(
        ({ x, y, label, name }) =>
          html`<g class="other">
            <title>${name}</title>
            <circle cx="${px(x)}" cy="${py(y)}" r="4" />
            <text
              x="${px(x) + (x > 0.8 ? -7 : 7)}"
              y="${py(y) + (y > 0.9 ? 13 : -6)}"
              text-anchor="${x > 0.8 ? 'end' : 'start'}"
            >
              ${label}
            </text>
          </g>`,
      )}
      ${
        own &&
        html`<g class="own">
          <title>${own.name}</title>
          <circle cx="${px(own.x)}" cy="${py(own.y)}" r="6" />
        </g>`
      }
    </svg>
  </figure>`;
}

/** Methods at one place share a label. */
function grouped(places: readonly Place[]): Place[] {
  const groups = new Map<string, Place>();
  for (const place of places) {
    const key = `${place.x.toFixed(2)} ${place.y.toFixed(2)}`;
    const group = groups.get(key);
    groups.set(
      key,
      group === undefined
        ? place
        : { ...group, label: `${group.label} ${place.label}`, name: `${group.name}, ${place.name}` },
    );
  }
  return [...groups.values()];
}

/** A dot per value over its number, stacked where values are alike; a line marks 0, another the median. */
export function dotPlot(title: string, values: readonly number[], median: number | null, note: string): Markup {
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const width = 620;
  const bins = 60;
  const size = Math.max(1, (high - low) / bins);
  const x = (value: number): number => 20 + ((value - low) / (high - low)) * (width - 40);
  const stacks = new Map<number, number>();
  const dots = [...values]
    .sort((a, b) => a - b)
    .map((value) => {
      const bin = Math.round((value - low) / size);
      const level = stacks.get(bin) ?? 0;
      stacks.set(bin, level + 1);
      return { value, at: x(low + bin * size), level };
    });
  const step = Math.min(10, 110 / Math.max(1, ...stacks.values()));
  return html`<figure class="dots">
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${width} 160" role="img" aria-label="${title}">
      <path class="axisline" d="M20 128H${width - 20}" />
      <path class="zero" d="M${x(0)} 10V128" />
      <text class="tick" x="${x(0)}" y="145" text-anchor="middle">0</text>
      <text class="tick" x="${x(high)}" y="145" text-anchor="end">${high}</text>
      ${low < 0 ? html`<text class="tick" x="${x(low)}" y="145">${low}</text>` : undefined}
      ${dots.map(
        ({ value, at, level }) =>
          html`<circle class="dot" cx="${at}" cy="${123 - level * step}" r="${Math.min(4.5, step / 2)}">
            <title>${value}</title>
          </circle>`,
      )}
      ${
        median === null
          ? undefined
          : html`<path class="median" d="M${x(median)} 10V128" />
              <text class="axis" x="${x(median) + 5}" y="18">median ${median}</text>`
      }
    </svg>
    <p class="note">${note}</p>
  </figure>`;
}
