// A session at a glance: its steps coloured by tool, what the labels say, and what was flagged.

import type { DetectionDraft } from '@watchkeeper/schemas';
import type { PeriodStart } from '../../replay/index.js';
import type { Truth } from '../labels.js';
import type { SessionRun } from '../outcome.js';
import type { Step } from './excerpt.js';
import { html, type Markup } from './html.js';

/** A detection as the timeline shows it. */
export interface Flag {
  /** Its last revision. */
  readonly draft: DetectionDraft;
  readonly from: number;
  readonly to: number;
  /** The step after which it was first told. */
  readonly toldAt: number;
}

/** The detections of a session, in the order in which they were first told. */
export function flagsOf({ told }: SessionRun): Flag[] {
  const flags = new Map<string, Flag>();
  for (const { step, draft } of told) {
    const toldAt = flags.get(draft.detection_id)?.toldAt ?? step;
    // Two events at most make a step.
    flags.set(draft.detection_id, { draft, from: draft.first_seq >> 1, to: draft.last_seq >> 1, toldAt });
  }
  return [...flags.values()];
}

const WIDTH = 1000;
const LEFT = 74;
const ROW = 22;
const HUES = [210, 25, 145, 280, 50, 330, 180, 95, 250, 0];

/** Rows: steps, labels where they are per step or period, and one per detection. */
export function timeline(
  steps: readonly Step[],
  truth: Truth,
  periods: readonly PeriodStart[],
  flags: readonly Flag[],
): Markup {
  const last = Math.max(1, ...steps.map(({ step }) => step), ...flags.map(({ to }) => to));
  const unit = (WIDTH - LEFT - 6) / (last + 1);
  const x = (step: number): number => LEFT + step * unit;
  const hues = huesOf(steps);
  const rows: Markup[] = [];
  const row = (name: string, marks: readonly Markup[]): void => {
    const top = rows.length * ROW;
    rows.push(html`<g transform="translate(0 ${top})"><text class="rowname" x="0" y="15">${name}</text>${marks}</g>`);
  };
  row(
    'steps',
    steps.map(({ step, tool, actor, input }) => {
      const hue = hues.get(tool);
      const colour = hue === undefined ? html`class="message"` : html`style="--hue:${hue}" class="call"`;
      return html`<rect ${colour} x="${x(step)}" y="4" width="${Math.max(0.6, unit - 1)}" height="14" rx="1.5">
        <title>${step} · ${tool === '' ? actor : tool}: ${input}</title>
      </rect>`;
    }),
  );
  if (truth.verdicts.length > 0)
    row(
      'labels',
      truth.verdicts.map(
        ({ afterStep, positive }) =>
          html`<circle class="${positive ? 'yes' : 'no'}" cx="${x(afterStep + 0.5)}" cy="11" r="4.5">
            <title>after step ${afterStep}: ${positive ? 'yes' : 'no'}</title>
          </circle>`,
      ),
    );
  if (truth.driftByPeriod.length > 0 && periods.length > 0) row('labels', driftBars(truth, periods, x, last));
  for (const { draft, from, to, toldAt } of flags)
    row(nameOf(draft), [
      html`<rect class="flag" x="${x(from)}" y="6" width="${Math.max(3, x(to + 1) - x(from) - 1)}" height="10" rx="3">
          <title>${draft.explanation}</title>
        </rect>
        <path class="told" d="M${x(toldAt + 0.5)} 2v18"><title>told after step ${toldAt}</title></path>`,
    ]);
  const height = rows.length * ROW;
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${height + 18}" role="img" aria-label="timeline">
    ${rows}
    ${ticksUpTo(last).map(
      (step) => html`<text class="tick" x="${x(step + 0.5)}" y="${height + 13}" text-anchor="middle">${step}</text>`,
    )}
  </svg>`;
}

/** Heights by how far the labels say the session had left its goal. */
function driftBars(
  { driftByPeriod }: Truth,
  periods: readonly PeriodStart[],
  x: (step: number) => number,
  last: number,
): Markup[] {
  return periods.map(({ period, step }, i) => {
    const drift = driftByPeriod[period - 1] ?? 0;
    const end = periods[i + 1]?.step ?? last + 1;
    const height = Math.max(0.5, drift * 18);
    return html`<rect
      class="drift"
      x="${x(step)}"
      y="${20 - height}"
      width="${Math.max(0.6, x(end) - x(step) - 0.5)}"
      height="${height}"
    >
      <title>period ${period}: ${drift}</title>
    </rect>`;
  });
}

/** A colour per tool, the most used first; messages have none. */
function huesOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { tool } of steps) if (tool !== '') uses.set(tool, (uses.get(tool) ?? 0) + 1);
  const tools = [...uses].sort((a, b) => b[1] - a[1]).map(([tool]) => tool);
  return new Map(tools.map((tool, i) => [tool, HUES[i % HUES.length] ?? 0]));
}

function nameOf({ kind }: DetectionDraft): string {
  return kind.slice(kind.indexOf('.') + 1);
}

/** About ten round numbers. */
function ticksUpTo(last: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((size) => last / size <= 12) ?? 5000;
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}
