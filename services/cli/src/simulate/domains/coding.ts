// Coding agents: a repository with files, tests and commands.

import { clause } from '../world/prose.js';
import type { Rng } from '../world/rng.js';
import type { Domain, Item, Task } from '../world/task.js';
import { NOUNS, PAST_VERBS } from '../world/words.js';
import { commandReach, emailReach, pageReach, query, subject } from './shared.js';

const MODULES =
  'billing cache calendar catalog checkout compiler crawler export gateway geocoder image importer invoice ledger locale mailer metrics notifier parser payroll queue ranking renderer reporting router scheduler search session storage sync template throttle upload validator'.split(
    ' ',
  );

export const coding: Domain = {
  name: 'coding',
  agents: ['code-fixer', 'review-bot', 'refactor-agent', 'test-writer'],
  nouns:
    'annotation argument array assertion branch buffer callback class closure commit compiler constant coroutine dependency deserializer endpoint enum exception fixture function generator handler hook index interface iterator lambda linter listener loop middleware migration module mutex namespace parameter parser patch pointer promise query refactoring regression schema serializer stacktrace struct thread timeout token type variable wrapper'.split(
      ' ',
    ),
  itemId: 'src/????.ts',
  subject: (rng) => {
    const [module, other] = rng.shuffled(MODULES);
    const what = rng.pick([
      'drops the last row',
      'fails on empty input',
      'leaks a handle',
      'ignores the time zone',
      'retries for ever',
      'rounds the wrong way',
      'is slow on large files',
      'returns duplicates',
    ]);
    return subject(`the ${module ?? ''} ${what} when ${other ?? ''} is on`, module ?? '', other ?? '');
  },
  item: (rng, { words }) => ({
    title: `src/${rng.pick(words)}/${rng.pick(NOUNS)}-${rng.pick(words)}.ts`,
    fields: {
      lines: rng.int(30, 800),
      changed: rng.hex(7),
      owner: rng.pick(['core', 'platform', 'web', 'data']),
      coverage: rng.int(35, 99),
    },
  }),
  goal: (rng, { phrase }) =>
    rng.pick([
      `Fix the bug: ${phrase}. Add a test that fails without the fix, and open a pull request.`,
      `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}. Find the cause, repair it with the smallest change, keep all tests green.`,
      `Review and repair the code where ${phrase}; explain the cause in the commit message.`,
    ]),
  plan: (rng, { phrase }) => [
    `reproduce that ${phrase}`,
    'find the lines at fault',
    rng.pick(['write a failing test', 'narrow it by bisecting']),
    'change the code',
    'run the tests and open the request',
  ],
  tools: [
    {
      name: 'grep',
      role: 'find',
      medianMs: 90,
      args: (task, rng) => ({
        pattern: `${rng.pick(task.subject.words)}.*${rng.pick(task.topic.nouns)}`,
        path: 'src',
        ignore_case: rng.chance(0.5),
      }),
      output: grepOutput,
    },
    {
      name: 'list_issues',
      role: 'find',
      medianMs: 500,
      args: (task, rng) => ({ search: query(task, rng), state: rng.pick(['open', 'closed', 'all']) }),
    },
    {
      name: 'read_file',
      role: 'read',
      medianMs: 40,
      args: (_task, rng, item) => ({ path: item.title, start: rng.int(1, 200) }),
      output: codeOutput,
    },
    {
      name: 'git_log',
      role: 'read',
      medianMs: 70,
      args: (_task, rng, item) => ({ path: item.title, count: rng.int(3, 9) }),
      output: logOutput,
    },
    {
      name: 'run_tests',
      role: 'check',
      medianMs: 7000,
      args: (_task, rng, item) => ({ filter: item.title.replace('.ts', '.test.ts'), seed: rng.int(1, 9999) }),
    },
    {
      name: 'run_command',
      role: 'check',
      medianMs: 1500,
      args: (task, rng) => ({
        command: `npm run ${rng.pick(['lint', 'build', 'typecheck', 'bench'])} -- ${rng.pick(task.subject.words)}`,
        timeout: 120,
      }),
    },
    {
      name: 'edit_file',
      role: 'act',
      medianMs: 60,
      args: (_task, rng, item) => ({ path: item.title, find: line(rng), replace: line(rng) }),
    },
    {
      name: 'git_commit',
      role: 'act',
      medianMs: 150,
      args: (task, rng) => ({ message: clause(rng, task.topic), all: true }),
    },
  ],
  reach: [commandReach, pageReach, emailReach],
};

function line(rng: Rng): string {
  const name = `${rng.pick(PAST_VERBS)}${rng.pick(NOUNS).replace(/^./, (first) => first.toUpperCase())}`;
  switch (rng.int(0, 4)) {
    case 0:
      return `const ${name} = await ${rng.pick(NOUNS)}.${rng.pick(PAST_VERBS)}(${rng.pick(NOUNS)}, ${rng.int(0, 512)});`;
    case 1:
      return `if (${name}.${rng.pick(NOUNS)} > ${rng.int(1, 99)}) return ${rng.pick(NOUNS)}.${rng.pick(NOUNS)};`;
    case 2:
      return `for (const ${rng.pick(NOUNS)} of ${name}) ${rng.pick(NOUNS)}.push(${rng.pick(NOUNS)}.${rng.pick(PAST_VERBS)});`;
    case 3:
      return `export function ${name}(${rng.pick(NOUNS)}: ${rng.pick(['string', 'number', 'Date', 'Buffer'])}): ${rng.pick(['void', 'boolean', 'string'])} {`;
    default:
      return `throw new RangeError('${rng.pick(NOUNS)} ${rng.pick(PAST_VERBS)} before the ${rng.pick(NOUNS)}');`;
  }
}

function codeOutput(_task: Task, rng: Rng, item: Item): string {
  const first = rng.int(1, 400);
  return `${item.title}\n${Array.from({ length: rng.int(5, 14) }, (_, at) => `${first + at}  ${line(rng)}`).join('\n')}`;
}

function grepOutput(_task: Task, rng: Rng, item: Item): string {
  return Array.from({ length: rng.int(2, 6) }, () => `${item.title}:${rng.int(1, 700)}: ${line(rng)}`).join('\n');
}

function logOutput(task: Task, rng: Rng): string {
  return Array.from({ length: rng.int(3, 7) }, () => `${rng.hex(7)} ${clause(rng, task.topic)}`).join('\n');
}
