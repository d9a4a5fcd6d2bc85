// watchkeeper: the commands a person types, and how their errors are told.

import { inspect } from 'node:util';
import { WatchkeeperError } from '@watchkeeper/schemas';
import { Command, CommanderError, Option } from 'commander';
import type { BenchFlags } from './bench/bench.js';
import type { ChaosFlags } from './chaos/chaos.js';
import type { EvaluateFlags } from './commands/evaluate.js';
import type { DlqFlags } from './commands/dlq.js';
import type { DoctorFlags } from './commands/doctor.js';
import type { EvaluateSeriesFlags } from './commands/evaluate-series.js';
import type { SimulateFlags } from './commands/simulate.js';
import type { DemoFlags } from './demo/demo.js';
import { allRoles } from './roles.js';

const DATA_DIR = '.watchkeeper';

/** Runs the command in `argv` and sets the exit code: 0 done, 1 found a fault, 2 wrong use, 3 a backend is out of reach. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = commands();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = tell(error, argv.includes('--verbose'));
  }
}

function tell(error: unknown, verbose: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const known = error instanceof WatchkeeperError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (known) process.stderr.write(`[${error.code}]\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n${inspect(error.cause)}\n`);
  else if (!known)
    process.stderr.write('This is a fault of Watchkeeper: run it again with --verbose and report what it prints.\n');
  return known ? error.exitCode : 1;
}

function commands(): Command {
  const program = new Command('watchkeeper')
    .description('Stands watch over fleets of AI agents: loops, goal drift and anomalies, called in the stream.')
    .exitOverride()
    .showHelpAfterError();
  const add = (name: string, summary: string): Command =>
    program
      .command(name)
      .description(summary)
      .option('--verbose', 'print the stack and the cause of an error')
      .addOption(new Option('--data-dir <folder>', 'where local backends keep their data').default(DATA_DIR));

  add('up', 'start the local backends (unless KAFKA_BROKERS and CLICKHOUSE_URL are set) and every role')
    .option('--no-roles', 'the backends alone, for what must be done while no role runs')
    .action(async (options: { dataDir: string; roles: boolean }) =>
      (await import('./commands/up.js')).up(options.dataDir, options),
    );
  add('down', 'stop what runs in the data folder')
    .option('--purge', 'and delete its data')
    .action(async (options: { dataDir: string; purge?: boolean }) =>
      (await import('./commands/down.js')).down(options.dataDir, options.purge ?? false),
    );
  add('run', 'host roles in this process until it is told to stop')
    .argument('<roles...>', allRoles.map((role) => role.name).join(', '))
    .action(async (roles: string[]) => (await import('./commands/run.js')).runRoles(roles, process.env));
  add('backfill', 'forget what roles keep in mind, and judge their topics from the beginning at the next start')
    .argument('<roles...>', 'detectors or the meter; none of them may be running')
    .option('--dry-run', 'say what it would do')
    .action(async (roles: string[], options: { dataDir: string; dryRun?: boolean }) =>
      (await import('./commands/backfill.js')).backfill(roles, options),
    );
  add('settings', 'list the environment variables that roles read')
    .argument('[roles...]')
    .action(async (roles: string[]) => (await import('./commands/settings.js')).printSettings(roles));
  add('migrate', 'bring the ClickHouse database to this version').action(async (options: { dataDir: string }) =>
    (await import('./commands/prepare.js')).migrateDatabase(options.dataDir),
  );
  const topics = add('topics', 'make the topics that are not there, and say which differ')
    .option('--new-log', 'begin new lives of the topics that were made anew; the roles must not run')
    .option('--acls', "let each role's user do its work, and no more (infra/kafka/acls.yaml)")
    .action(async (options: { dataDir: string; newLog?: boolean; acls?: boolean }) =>
      (await import('./commands/prepare.js')).prepareTopics(options.dataDir, options),
    );
  topics
    .command('grow')
    .description('give a topic, and the changelogs over it, more partitions; its readers must not run')
    .argument('<topic>')
    .argument('<partitions>')
    .action(async (topic: string, partitions: string, _: object, command: Command) =>
      (await import('./commands/prepare.js')).growTopicAt(
        command.optsWithGlobals<{ dataDir: string }>().dataDir,
        topic,
        partitions,
      ),
    );
  add('replay', 'put trace files (or folders of them) into agent.events')
    .argument('<paths...>')
    .option('--speed <speed>', 'real time (1), ×N, or max', 'max')
    .option('--seed <n>', 'of the times that are made up', '1')
    .action(async (paths: string[], options: { dataDir: string; speed: string; seed: string }) =>
      (await import('./commands/replay.js')).replay(paths, options),
    );
  add('simulate', 'run a fleet with planted loops, drifts and anomalies')
    .option('--agents <n>', 'how many agents', '40')
    .option('--rate <n>', 'events a second', '500')
    .option('--seconds <n>', 'how long; 0: until stopped', '60')
    .option('--seed <n>', 'the same seed gives the same fleet', '1')
    .option('--hours <n>', 'compress so many hours of fleet life, ending now, into --seconds')
    .option('--truth <file>', 'write what was planted, a JSON line a fault')
    .option('--score', 'wait for the detections and score them against the truth')
    .action(async (options: SimulateFlags) => (await import('./commands/simulate.js')).simulate(options));
  add('evaluate', 'run the detectors over labelled data and score them beside simple rules')
    .argument('<what>', 'loops, drift, nab or anomalies')
    .option(
      '--data <folder>',
      'a folder with traces/<set>/events.jsonl(.gz) and labels.jsonl, and nab/data/<folder>/<series>.csv (default: WATCHKEEPER_DATA, else ../shared/data)',
    )
    .option('--set <name>', 'this set alone')
    .option('--json', 'figures as JSON, one object per set')
    .option(
      '--through-kafka',
      'run the roles over fresh topics as well (anomalies: on a simulated fleet); exit 1 where the detections differ',
    )
    .option('--report <file>', 'one HTML file: curves, delays, and each session that was judged wrongly')
    .option(
      '--content <level>',
      'what the detectors are shown: full, or hashed (fingerprints and sketches alone)',
      'full',
    )
    .option('--choose', "nab: choose the detector's constants anew, cross-validated (a minute)")
    .option('--out <folder>', "nab: write the scores as files for the benchmark's own scorer instead")
    .action(async (what: string, options: EvaluateFlags & EvaluateSeriesFlags) =>
      what === 'nab' || what === 'anomalies'
        ? (await import('./commands/evaluate-series.js')).evaluateSeries(what, options)
        : (await import('./commands/evaluate.js')).evaluate(what, options),
    );
  add('sql', 'ask ClickHouse, read-only')
    .argument('<query>')
    .option('--format <format>', 'any format that ClickHouse writes', 'PrettyCompactMonoBlock')
    .option('--database <name>', 'default: CLICKHOUSE_DATABASE or watchkeeper')
    .action(async (query: string, options: { dataDir: string; format: string; database?: string }) =>
      (await import('./commands/sql.js')).sql(query, options),
    );
  add('doctor', 'is all well (and with `ledger`: is all there)')
    .argument('[what]', 'ledger')
    .option('--json')
    .option(
      '--since <time>',
      'of the ledger: what was appended since (ISO time, or 30m, 6h, 2d); default: all there is',
    )
    .option('--database <name>')
    .option('--topic-prefix <prefix>')
    .action(async (what: string | undefined, options: DoctorFlags) =>
      (await import('./commands/doctor.js')).doctor(what, options),
    );
  add('dlq', 'dead letters: what could not be used, why, and driving it again')
    .argument('<action>', 'ls, show or redrive')
    .argument('[name]', 'of show: topic/partition/offset')
    .option('--topic <topic>', 'of this topic')
    .option('--reason <reason>', 'refused for this reason')
    .option('--service <service>', 'refused by this role')
    .option('--since <time>', 'refused since (ISO time, or 30m, 6h, 2d)')
    .option('--until <time>', 'refused before')
    .option('--dry-run', 'redrive: say what would be done')
    .option('--force', 'redrive: also what would be refused again')
    .option('--out <file>', 'show: write the value there')
    .option('--json')
    .action(async (action: string, name: string | undefined, options: DlqFlags) =>
      (await import('./commands/dlq.js')).dlq(action, name, options),
    );
  program
    .command('demo', { hidden: true })
    .description('what npm start runs: everything there is on this machine, and a simulated fleet')
    .option('--once', 'to an end: 48 hours of fleet time in about half a minute, then a summary')
    .option('--json', 'with --once: the summary as JSON')
    .option('--seed <n>', 'the same seed gives the same fleet', '1')
    .option('--rate <n>', 'events a second once the fleet is live', '200')
    .option('--verbose', 'print the stack and the cause of an error')
    .option('--data-dir <folder>', 'where local backends keep their data', DATA_DIR)
    .action(async (options: DemoFlags) => (await import('./demo/demo.js')).demo(options));
  program
    .command('bench', { hidden: true })
    .option('--events <n>', '', '1000000')
    .option('--only <parts>', 'drain, latency, landing, micro (all four by default), restore, soak')
    .option('--minutes <n>', 'soak: how long at an even rate', '20')
    .option('--rate <n>', 'latency, soak: events a second (5000, 7500)')
    .option('--sessions <n>', 'soak: alive at once', '200000')
    .option('--json')
    .option('--profile <folder>', 'write a CPU profile of each role process')
    .option('--verbose')
    .option('--data-dir <folder>', '', `${DATA_DIR}/bench`)
    .action(async (options: BenchFlags) => (await import('./bench/bench.js')).bench(options));
  program
    .command('chaos', { hidden: true })
    .description('a simulated fleet under faults of a seeded plan, and whether all is there once at the end')
    .option('--seed <n>', 'the same seed gives the same plan', '1')
    .option('--minutes <n>', 'of load', '5')
    .option('--rate <n>', 'events a second', '800')
    .option('--spacing <n>', 'seconds from one fault to the next, on average', '13')
    .option('--only <kinds>', 'these kinds of faults alone')
    .option('--without <safeguard>', 'take one away, to see the damage: state, token, replay, commit-after-insert')
    .option('--json')
    .option('--verbose')
    .option('--data-dir <folder>', 'where its own backends live, from nothing and to nothing', `${DATA_DIR}/chaos`)
    .action(async (options: ChaosFlags) => (await import('./chaos/chaos.js')).chaos(options));
  program
    .command('bench-naive', { hidden: true })
    .action(async () => (await import('./bench/naive.js')).runNaive(process.env));
  return program;
}
