// npm test: everything that can be tested here, on real local backends; closes with 'N passed, N failed, N skipped'.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root, say } from './install.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);
const counts = { passed: 0, failed: 0, skipped: 0 };
const reports = mkdtempSync(join(tmpdir(), 'watchkeeper-test-'));

prepare();
// The suites, whose faults and deadlines are by the clock, one after the other. The second waits for its backends half of the time: the linters have that.
await suite('unit');
await Promise.all([suite('integration'), check('eslint', ['.', '--max-warnings=0']), otherChecks()]);
await suiteOnContainers();
await suite('e2e');
stopBackends();
rmSync(reports, { recursive: true, force: true });
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(counts.failed === 0 ? 0 : 1);

async function otherChecks() {
  await check('prettier', ['--check', '--log-level', 'warn', '.']);
  await check('depcruise', ['--config', '.dependency-cruiser.cjs', 'schemas', 'services', 'infra']);
  await check('knip', []);
}

/** Runs a tool to its end, then prints all that it said; its exit code and seconds. */
function run(title, tool, args, { env = {}, priority } = {}) {
  say(`   ${title} …`);
  const started = Date.now();
  const child = spawn(bin(tool), args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (priority !== undefined && child.pid !== undefined) setPriority(child.pid, priority);
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => printed.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (status) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(0);
      say(`── ${title}`);
      process.stderr.write(Buffer.concat(printed));
      say(`   ${status === 0 ? 'ok' : 'FAILED'} in ${seconds} s`);
      resolve(status);
    });
  });
}

/** A check is one test: it passes or it fails. It takes the processor that nobody else wants. */
async function check(tool, args) {
  const status = await run(tool, tool, args, { priority: constants.priority.PRIORITY_LOW });
  counts[status === 0 ? 'passed' : 'failed'] += 1;
}

async function suite(project, { where = '', filters = [], env = {} } = {}) {
  const file = join(reports, `${project}${where}.json`);
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const args = ['run', '--project', project, ...reporters, ...filters];
  const status = await run(`${project} tests${where}`, 'vitest', args, { env });
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    counts.passed += report.numPassedTests;
    counts.failed += report.numFailedTests;
    counts.skipped += report.numPendingTests + report.numTodoTests;
    // A suite that cannot be loaded fails without a test of its own.
    if (status !== 0 && report.numFailedTests === 0) counts.failed += 1;
  } catch (error) {
    say(`   the ${project} tests${where} left no report: ${error.message}`);
    counts.failed += 1;
  }
}

/** The services' integration tests once more, on the images that people deploy; the registry's test has no part in these. */
async function suiteOnContainers() {
  const { containerImages } = await import('../infra/local/dist/container-images.js');
  const { whyNoContainers } = await import('../infra/local/dist/containers.js');
  const reason = await whyNoContainers(containerImages(process.env));
  if (reason === undefined) {
    const filters = ['services/', '--exclude', '**/registry.integration.test.ts'];
    await suite('integration', { where: ' on containers', filters, env: { WATCHKEEPER_TEST_BACKENDS: 'containers' } });
  } else {
    say(`── integration tests on containers: skipped, for ${reason}`);
    counts.skipped += 1;
  }
}

/** The suites share one broker and one engine, which outlive a test file but not the run. */
function stopBackends() {
  const dataDir = process.env.WATCHKEEPER_TEST_DIR ?? join(root, '.watchkeeper', 'test');
  spawnSync(process.execPath, [join(root, 'services/cli/bin/watchkeeper.js'), 'down', '--data-dir', dataDir], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
