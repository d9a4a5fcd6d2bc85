// Sessions that work on one subject, turn to another, or slide there; for tests alone.

import { SessionOf } from './events.js';
import { pick, randomOf, type Planted } from './wordings.js';

interface Field {
  readonly goal: (thing: string, other: string) => string;
  readonly things: readonly string[];
  readonly tools: readonly string[];
  readonly facets: readonly string[];
}

/** Kinds of work. Arguments name a thing of the goal, or what an earlier output brought. */
const fields: readonly Field[] = [
  {
    goal: (a, b) => `Plan a weekend in ${a} for two people, with a hotel near ${b} and a museum on Sunday.`,
    things: ['Ghent', 'Porto', 'Trieste', 'Bergen', 'Lucca'],
    tools: ['search_hotels', 'read_hotel', 'search_trains', 'list_museums', 'reserve_room'],
    facets: [
      'quiet rooms',
      'breakfast',
      'opening hours',
      'late check-in',
      'river view',
      'weekend fare',
      'family ticket',
      'old town',
      'tram stop',
    ],
  },
  {
    goal: (a, b) => `Find out why ${a} rejects uploads larger than ten megabytes and propose a fix for ${b}.`,
    things: ['the media gateway', 'the archive service', 'the ingest worker', 'the thumbnail queue'],
    tools: ['read_file', 'grep_code', 'run_tests', 'read_log', 'edit_file'],
    facets: [
      'body limit',
      'chunk size',
      'multipart parser',
      'timeout handler',
      'proxy buffer',
      'stream reader',
      'error mapping',
      'unit test',
      'config loader',
    ],
  },
  {
    goal: (a, b) => `Prepare the quarterly report on sales of ${a} in the region ${b}.`,
    things: ['garden chairs', 'winter tyres', 'espresso machines', 'Rhône', 'Saarland', 'Jutland'],
    tools: ['query_warehouse', 'describe_table', 'make_chart', 'write_section', 'check_totals'],
    facets: [
      'monthly revenue',
      'returns',
      'gross margin',
      'average basket',
      'stock level',
      'discount share',
      'top customers',
      'forecast error',
      'units sold',
    ],
  },
  {
    goal: (a, b) => `Answer the complaint of the customer ${a} about the delivery of ${b}.`,
    things: ['Ivana Moreau', 'Tomas Lindgren', 'Keiko Sato', 'a broken lamp', 'two missing shelves', 'the wrong sofa'],
    tools: ['get_customer', 'track_parcel', 'read_policy', 'offer_refund', 'write_reply'],
    facets: [
      'parcel scan',
      'delivery note',
      'damage photo',
      'return label',
      'replacement part',
      'courier statement',
      'refund rule',
      'delivery window',
      'order history',
    ],
  },
];

class Worker {
  readonly #recent: string[] = [];
  readonly a: string;
  readonly b: string;

  constructor(
    readonly field: Field,
    readonly random: () => number,
  ) {
    this.a = pick(random, field.things);
    this.b = pick(random, field.things);
  }

  get goal(): string {
    return this.field.goal(this.a, this.b);
  }

  /** One call: two times in three it names a thing of the goal, else what came back before. */
  call(session: SessionOf, stage: number): void {
    const { random, field } = this;
    const facet = pick(random, field.facets);
    const grounded = random() < 0.66 || this.#recent.length === 0;
    const subject = grounded ? pick(random, [this.a, this.b]) : pick(random, this.#recent);
    const at = Math.min(field.tools.length - 1, Math.floor(stage * field.tools.length * (0.4 + random() * 0.8)));
    const tool = field.tools[at] ?? 'search';
    const ref = `${tool.slice(0, 2)}-${String(Math.floor(random() * 90000) + 10000)}`;
    const found = `${facet} ${pick(random, field.facets)} ${ref}`;
    this.#recent.push(ref, `${subject} ${facet}`);
    if (this.#recent.length > 8) this.#recent.shift();
    const words = Array.from({ length: 12 + Math.floor(random() * 30) }, () => pick(random, filler)).join(' ');
    session.tool(tool, { query: `${subject} ${facet}` }, `${found}: ${subject}. ${words}`);
  }
}

const filler =
  'overview detail record value remark total average recent result section number entry history update level group first second minor open closed north south green small large early late season series factor update margin signal branch module region window corner supply'.split(
    ' ',
  );

function worker(random: () => number, not?: Field): Worker {
  const choices = fields.filter((field) => field !== not);
  return new Worker(pick(random, choices), random);
}

/** Works for its goal throughout, through all stages, with new tools and new references. */
export function cleanLong(seed: number, sessions = 40): Planted[] {
  const random = randomOf(seed * 7919);
  return Array.from({ length: sessions }, (_, i) => {
    const own = worker(random);
    const session = new SessionOf(own.goal, `clean-${i}`);
    const steps = 10 + Math.floor(random() * 40);
    for (let step = 0; step < steps; step++) own.call(session, step / steps);
    return { name: `clean`, session: session.end() };
  });
}

/** Leaves its goal at once for other work, with other tools. */
export function sudden(seed: number, sessions = 40): Planted[] {
  const random = randomOf(seed * 104729);
  return Array.from({ length: sessions }, (_, i) => {
    const own = worker(random);
    const other = worker(random, own.field);
    const session = new SessionOf(own.goal, `sudden-${i}`);
    const before = 5 + Math.floor(random() * 15);
    for (let step = 0; step < before; step++) own.call(session, step / before);
    const after = 6 + Math.floor(random() * 10);
    for (let step = 0; step < after; step++) other.call(session, step / after);
    return { name: 'sudden', session: session.end() };
  });
}

/** The share of calls for something else grows from nothing to all. */
export function slow(seed: number, sessions = 40): Planted[] {
  const random = randomOf(seed * 15485863);
  return Array.from({ length: sessions }, (_, i) => {
    const own = worker(random);
    const other = worker(random, own.field);
    const session = new SessionOf(own.goal, `slow-${i}`);
    const steps = 30 + Math.floor(random() * 20);
    for (let step = 0; step < steps; step++)
      (random() < (step - 6) / (steps - 12) ? other : own).call(session, step / steps);
    return { name: 'slow', session: session.end() };
  });
}

/** The user asks for something else in the middle: not a drift. */
export function goalChanged(seed: number, sessions = 40): Planted[] {
  const random = randomOf(seed * 1299709);
  return Array.from({ length: sessions }, (_, i) => {
    const own = worker(random);
    const other = worker(random, own.field);
    const session = new SessionOf(own.goal, `changed-${i}`);
    const before = 5 + Math.floor(random() * 15);
    for (let step = 0; step < before; step++) own.call(session, step / before);
    if (random() < 0.5) session.goal(other.goal);
    else session.user(`Thanks, that is enough. ${other.goal}`);
    for (let step = 0; step < 12; step++) other.call(session, step / 12);
    return { name: 'goal changed', session: session.end() };
  });
}
