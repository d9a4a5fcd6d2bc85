// What went wrong in one session: its timeline, what was flagged and why, and the steps around it.

import type { PeriodStart } from '../../replay/index.js';
import type { SessionRun } from '../outcome.js';
import type { SessionText, Step } from './excerpt.js';
import { html, type Markup } from './html.js';
import { flagsOf, timeline, type Flag } from './timeline.js';
import { score, steps } from './words.js';
import type { Wrong } from './wrong.js';

const AROUND = 2;
const MOST_STEPS = 24;

export interface SessionParts {
  readonly wrong: Wrong;
  readonly run: SessionRun;
  readonly text: SessionText;
  readonly periods: readonly PeriodStart[];
}

/** A section, folded where the session as a whole was judged right. */
export function sessionSection({ wrong, run, text, periods }: SessionParts): Markup {
  const { truth, outcome, delaySteps } = wrong.judged;
  const flags = flagsOf(run);
  const facts = [
    `highest score ${score(outcome.score)}, told from 1 on`,
    ...(delaySteps === undefined ? [] : [`delay ${steps(delaySteps)} steps`]),
    ...(wrong.wrongSteps > 0 ? [`${wrong.wrongSteps} of ${truth.verdicts.length} labelled steps differ`] : []),
  ];
  const shown = stepsToShow(text.steps, flags, wrong);
  return html`<details
    class="session ${wrong.fault.replace(' ', '-')}"
    ${wrong.fault === 'steps differ' ? undefined : html`open`}
  >
    <summary>
      <span class="badge">${wrong.fault}</span> <code>${truth.session}</code>
      <span class="facts">${facts.join(' · ')}</span>
    </summary>
    <p class="goal">${text.goal}</p>
    ${timeline(text.steps, truth, periods, flags)} ${flags.map(flagText)}
    ${flags.length === 0 ? html`<p class="why">Nothing was flagged.</p>` : undefined}
    <details class="excerpt">
      <summary>${shown.length} of ${text.steps.length} steps</summary>
      <table>
        ${shown.map((step) => stepRow(step, flags))}
      </table>
    </details>
  </details>`;
}

function flagText({ draft, from, to, toldAt }: Flag): Markup {
  return html`<div class="why">
    <p>
      <b>${draft.kind}</b>, steps ${from} to ${to}, told after ${toldAt}, score ${score(draft.score)} against
      ${score(draft.threshold)}. ${draft.explanation}
    </p>
    ${evidenceText(draft.evidence)}
  </div>`;
}

/** The evidence's members, a line; lists and objects as JSON, cut. */
function evidenceText(evidence: string): Markup | undefined {
  if (evidence === '') return undefined;
  const members = Object.entries(JSON.parse(evidence) as Record<string, unknown>).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return html`<span><i>${name}</i> ${text.length > 160 ? `${text.slice(0, 159)}…` : text}</span>`;
  });
  return html`<p class="evidence">${members}</p>`;
}

/** Steps inside of flags and beside them; where nothing was flagged, those around the labels' first yes, else the first ones. */
function stepsToShow(all: readonly Step[], flags: readonly Flag[], { judged }: Wrong): readonly Step[] {
  const onset = judged.truth.verdicts.find(({ positive }) => positive)?.afterStep;
  const spans =
    flags.length > 0
      ? flags.map(({ from, to, toldAt }) => [from, Math.max(to, toldAt)] as const)
      : onset === undefined
        ? []
        : [[onset - AROUND, onset + AROUND] as const];
  const near = all.filter(({ step }) => spans.some(([from, to]) => step >= from - AROUND && step <= to + AROUND));
  return (near.length > 0 ? near : all).slice(0, MOST_STEPS);
}

function stepRow({ step, tool, actor, said, input, output }: Step, flags: readonly Flag[]): Markup {
  const inside = flags.some(({ from, to }) => step >= from && step <= to);
  return html`<tr class="${inside ? 'inside' : 'outside'}">
    <td>${step}</td>
    <td>${tool === '' ? actor : tool}</td>
    <td>${said === '' ? undefined : html`<span class="said">${said}</span>`}${input}</td>
    <td>${output}</td>
  </tr>`;
}
