// Research agents: questions answered from articles and pages.

import type { Domain } from '../world/task.js';
import { prose } from '../world/prose.js';
import { CITIES, NOUNS, inventedName, personName } from '../world/words.js';
import { emailReach, findContact, pageReach, query, sendEmail, subject, uploadReach } from './shared.js';

const FIELDS =
  'glaciers pollinators bridges vaccines dialects batteries fisheries pottery migration earthquakes algorithms textiles orchards volcanoes alloys archives tides inflation satellites mosses aquifers festivals antibodies tramways'.split(
    ' ',
  );

export const research: Domain = {
  name: 'research',
  agents: ['research-assistant', 'literature-scout', 'fact-checker', 'market-analyst'],
  nouns:
    'abstract appendix author bibliography citation cohort control correlation database dataset diagram dissertation estimate excerpt experiment field fieldwork footnote hypothesis interview journal laboratory librarian literature manuscript measurement methodology model monograph observation paper peer preprint publication questionnaire replication reviewer sample scholar survey theorem thesis variable volume'.split(
      ' ',
    ),
  itemId: 'doi:10.####/@@####',
  subject: (rng) => {
    const [what, other] = rng.shuffled(FIELDS);
    return subject(
      `how ${what ?? ''} near ${rng.pick(CITIES)} changed with ${other ?? ''} and ${rng.pick(NOUNS)}`,
      inventedName(rng),
    );
  },
  item: (rng, { words }) => ({
    title: `${inventedName(rng)} et al.: ${rng.pick(words)} and the ${rng.pick(NOUNS)} of ${rng.pick(words)}`,
    fields: {
      year: rng.int(1994, 2026),
      citations: rng.int(0, 900),
      author: personName(rng),
      pages: rng.int(6, 48),
      journal: `${inventedName(rng)} Review`,
    },
  }),
  goal: (rng, { phrase }, person) =>
    rng.pick([
      `Find out ${phrase}; name at least ${rng.int(3, 6)} sources and write a summary of one page for ${person.name}.`,
      `What is known about ${phrase}? Weigh the evidence, note where the sources disagree, and mail ${person.name} the answer.`,
      `Collect recent work on ${phrase}, extract the figures, and prepare a short report.`,
    ]),
  plan: (rng, { phrase }) => [
    `search the literature on ${phrase}`,
    `read the ${rng.int(3, 5)} closest papers`,
    'note methods and figures',
    'compare where they disagree',
    'write the summary',
  ],
  tools: [
    {
      name: 'search_papers',
      role: 'find',
      medianMs: 900,
      args: (task, rng) => ({ query: query(task, rng), since: rng.int(1998, 2022) }),
    },
    { name: 'web_search', role: 'find', medianMs: 1100, args: (task, rng) => ({ q: query(task, rng) }) },
    {
      name: 'read_paper',
      role: 'read',
      medianMs: 1700,
      args: (_task, rng, item) => ({
        id: item.id,
        section: rng.pick(['abstract', 'methods', 'results', 'discussion', 'data']),
      }),
      output: (task, rng, item) => `${item.title}\n${prose(rng, task.topic, rng.int(3, 8))}`,
    },
    {
      name: 'fetch_page',
      role: 'read',
      medianMs: 1300,
      args: (task, rng, item) => ({
        url: `https://${
          String(item.fields['journal'] ?? 'journal')
            .split(' ')[0]
            ?.toLowerCase() ?? 'journal'
        }.example/${rng.pick(task.subject.words)}/${rng.code('####')}`,
      }),
    },
    {
      name: 'check_citation',
      role: 'check',
      medianMs: 500,
      args: (_task, _rng, item) => ({ id: item.id, author: String(item.fields['author'] ?? '') }),
    },
    findContact,
    {
      name: 'save_note',
      role: 'act',
      medianMs: 120,
      args: (task, rng, item) => ({ source: item.id, note: prose(rng, task.topic, 1) }),
    },
    sendEmail,
  ],
  reach: [emailReach, pageReach, uploadReach],
};
