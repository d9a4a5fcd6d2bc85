// How the series detector's constants were chosen, and what such a choice is worth on series that it has not seen: nested cross-validation.

import { SERIES_CONSTANTS, SeriesDetector, type SeriesConstants } from '@watchkeeper/anomaly-detector';
import type { NabCorpus } from './corpus.js';
import { FORM_WEIGHTS, inForm, type Form } from './forms.js';
import { PROFILES, scoreOf, scoredSeries, shareAt, type ScoredSeries, type Share } from './score.js';

type Chosen = Pick<SeriesConstants, 'threshold' | 'perTenfold' | 'rhythmDeviations'>;

const GRID: readonly Chosen[] = [1.8, 1.9, 2, 2.1, 2.2].flatMap((threshold) =>
  [0.5, 0.7, 0.9].flatMap((perTenfold) =>
    [3.5, 4, 5].map((rhythmDeviations) => ({ threshold, perTenfold, rhythmDeviations })),
  ),
);
const FORMS = Object.keys(FORM_WEIGHTS) as Form[];
const [STANDARD] = PROFILES;

export interface Choice {
  /** Best by the weighted mean over all forms of all series. */
  readonly chosen: Chosen;
  /** Standard score of the series as they are, each group of alike series judged by what is best without it. */
  readonly crossValidated: number;
  /** The standard score of the shipped constants, by form. */
  readonly shippedByForm: Readonly<Record<Form, number>>;
}

interface Cell {
  readonly group: string;
  readonly share: Share;
}

/** Scores every point of the grid in every form: about a minute. */
export function chooseConstants({ series }: NabCorpus): Choice {
  const forms = FORMS.map((form) =>
    series.map((one) => {
      const plain = inForm(one, form);
      return { plain, group: groupOf(one.name), scored: scoredSeries(plain.values.length, plain.windows) };
    }),
  );
  type Formed = (typeof forms)[number][number];
  const cellsOf = (constants: SeriesConstants): Cell[][] =>
    forms.map((list) =>
      list.map(({ plain, group, scored }: Formed) => ({ group, share: judge(constants, plain, scored) })),
    );
  const grid = GRID.map((chosen) => ({ chosen, cells: cellsOf({ ...SERIES_CONSTANTS, ...chosen }) }));
  const bestWithout = (left: string | undefined): (typeof grid)[number] | undefined => {
    const worth = grid.map((point) => weighted(point.cells, (cell) => cell.group !== left));
    return grid[worth.indexOf(Math.max(...worth))];
  };
  const groups = [...new Set(series.map(({ name }) => groupOf(name)))];
  const unseen = groups.flatMap((group) => bestWithout(group)?.cells[0]?.filter((cell) => cell.group === group) ?? []);
  const shipped = cellsOf(SERIES_CONSTANTS);
  return {
    chosen: bestWithout(undefined)?.chosen ?? SERIES_CONSTANTS,
    crossValidated: standard(unseen),
    shippedByForm: Object.fromEntries(FORMS.map((form, at) => [form, standard(shipped[at] ?? [])])) as Record<
      Form,
      number
    >,
  };
}

/** Series of one kind differ in an id alone: a name without its digits and what follows them. */
function groupOf(name: string): string {
  return name.replace(/[_-][^_/]*\d.*$/, '').replace(/\.csv$/, '');
}

function judge(constants: SeriesConstants, plain: ReturnType<typeof inForm>, scored: ScoredSeries): Share {
  const detector = new SeriesDetector(constants);
  const scores = plain.values.map(
    (value, row) => detector.update({ timeMicros: plain.timesMicros[row] ?? 0, value }).score,
  );
  return STANDARD ? shareAt({ series: scored, scores }, constants.threshold, STANDARD) : { raw: 0, windows: 0 };
}

function weighted(cells: readonly (readonly Cell[])[], wanted: (cell: Cell) => boolean): number {
  return FORMS.reduce((sum, form, at) => sum + FORM_WEIGHTS[form] * standard((cells[at] ?? []).filter(wanted)), 0);
}

function standard(cells: readonly Cell[]): number {
  const shares = cells.map(({ share }) => share);
  return STANDARD ? scoreOf(shares, STANDARD) : 0;
}
