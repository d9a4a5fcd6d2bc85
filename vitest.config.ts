import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Tests run from source, so that a stale build can never pass.
const packages = Object.fromEntries(
  [
    ['schemas', 'schemas'],
    ['local', 'infra/local'],
    ...[
      'runtime',
      'emitter',
      'loop-detector',
      'drift-detector',
      'meter',
      'anomaly-detector',
      'landing',
      'scheduler',
      'cli',
    ].map((name) => [name, `services/${name}`] as const),
  ].map(([name, folder]) => [`@watchkeeper/${name}`, here(`./${folder}/src/index.ts`)]),
);
// First, for the first prefix that fits is taken.
const alias = { '@watchkeeper/schemas/testing': here('./schemas/src/testing/default-record.ts'), ...packages };

const folders = ['schemas', 'services', 'infra', 'scripts'];
const named = (suffix: string): string[] => folders.map((folder) => `${folder}/**/*${suffix}`);
const withBackends = { testTimeout: 120_000, hookTimeout: 180_000, fileParallelism: false };

export default defineConfig({
  resolve: { alias },
  test: {
    passWithNoTests: true,
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: named('.test.ts'),
          exclude: ['**/node_modules/**', '**/dist/**', ...named('.integration.test.ts'), ...named('.e2e.test.ts')],
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'integration',
          include: named('.integration.test.ts'),
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: here('./infra/local/src/containers.setup.ts'),
          ...withBackends,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          include: named('.e2e.test.ts'),
          exclude: ['**/node_modules/**', '**/dist/**'],
          ...withBackends,
          testTimeout: 600_000,
        },
      },
    ],
  },
});
