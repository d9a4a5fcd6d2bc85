#!/usr/bin/env node
// The bin that npm links at install, before anything is built: it loads the build, or says that there is none.

import { existsSync } from 'node:fs';

const build = new URL('../dist/main.js', import.meta.url);
if (existsSync(build)) {
  const { main } = await import(build.href);
  await main(process.argv);
} else {
  process.stderr.write('Watchkeeper is not built: run `npm run build` (npm start does it for you).\n');
  process.exitCode = 2;
}
