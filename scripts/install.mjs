// Installs and builds what is missing or stale. Plain Node: it runs before anything is installed.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.watchkeeper-lock`;

/** Says one line of progress on stderr; stdout is kept for results. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Installs the packages of the lock file (once per lock file) and compiles. Exits with one sentence where that fails. */
export function prepare() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) fail(2, `Node ${process.versions.node} is too old: install Node 20 or newer.`);
  const lock = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    say('Installing packages (once; about a minute) …');
    const result = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (result.status !== 0) {
      const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT/.test(result.output);
      fail(
        3,
        offline
          ? 'The packages could not be fetched, for the npm registry is out of reach: connect to the network (or set npm to a mirror) and run the same command again.'
          : `npm ci failed:\n${result.output.trimEnd()}`,
      );
    }
    writeFileSync(stamp, lock);
  }
  say('Building …');
  const built = run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b']);
  if (built.status !== 0) fail(1, `The build failed:\n${built.output.trimEnd()}`);
}

function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.error) fail(3, `${command} could not be started (${result.error.message}): install Node 20 with npm.`);
  return { status: result.status, output: `${result.stdout}${result.stderr}` };
}

function fail(code, sentence) {
  say(sentence);
  process.exit(code);
}
