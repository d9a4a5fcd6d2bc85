// The generated types are those of avro/*.avsc.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('are not stale: run `npm run generate` after a change of avro/*.avsc', async () => {
  const { generateTypes } = (await import(new URL('../generate.mjs', import.meta.url).href)) as {
    generateTypes: () => string;
  };
  const committed = readFileSync(fileURLToPath(new URL('./generated/types.ts', import.meta.url)), 'utf8');
  expect(committed).toBe(generateTypes());
});
