// npm run chaos: installs and builds what is missing, then hands over to `watchkeeper chaos` with the same options.

import { spawn } from 'node:child_process';
import { prepare, root } from './install.mjs';

prepare();
const chaos = spawn(process.execPath, [`${root}services/cli/bin/watchkeeper.js`, 'chaos', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to both; the run takes away what it started, and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && chaos.kill(signal));
chaos.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
