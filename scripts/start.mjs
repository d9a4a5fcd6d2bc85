// npm start: installs and builds what is missing, then hands over to `watchkeeper demo` with the same options.

import { spawn } from 'node:child_process';
import { prepare, root } from './install.mjs';

prepare();
const demo = spawn(process.execPath, [`${root}services/cli/bin/watchkeeper.js`, 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to both; the demo stops what it started, and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && demo.kill(signal));
demo.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
