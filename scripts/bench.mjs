// npm run bench: installs and builds what is missing, then hands over to `watchkeeper bench` with the same options.

import { spawn } from 'node:child_process';
import { prepare, root } from './install.mjs';

prepare();
const bench = spawn(process.execPath, [`${root}services/cli/bin/watchkeeper.js`, 'bench', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && bench.kill(signal));
bench.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
