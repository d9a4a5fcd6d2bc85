// The images that tests start are those that people deploy, and every role has its container.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { containerImages } from './container-images.js';

const infra = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const compose = infra('compose.yaml');

describe('the images', () => {
  it('are those of compose.yaml, unless the environment names others', () => {
    expect(compose).toContain(`\${KAFKA_IMAGE:-${containerImages({}).kafka}}`);
    expect(compose).toContain(`\${CLICKHOUSE_IMAGE:-${containerImages({}).clickhouse}}`);
    expect(containerImages({ KAFKA_IMAGE: 'a:1', CLICKHOUSE_IMAGE: 'b:2' })).toEqual({
      kafka: 'a:1',
      clickhouse: 'b:2',
    });
  });
});

describe('the roles', () => {
  it('of compose.yaml, each in a container of its own, are those that the image runs by default', () => {
    const [, list = ''] = /^CMD \["run", (.*)\]$/m.exec(infra('Dockerfile')) ?? [];
    const inImage = [...list.matchAll(/"([a-z-]+)"/g)].map(([, role]) => role);
    const inCompose = [...compose.matchAll(/^ {2}([a-z-]+): \{ <<: \*role, command: \[run, ([a-z-]+)\] \}$/gm)];
    expect(inImage.length).toBeGreaterThan(0);
    expect(inCompose.map(([, service]) => service)).toEqual(inImage);
    expect(inCompose.map(([, , role]) => role)).toEqual(inImage);
  });
});

it('opens ports on the loopback address alone', () => {
  const published = compose.match(/ports: .*/g) ?? [];
  expect(published.length).toBeGreaterThan(0);
  for (const line of published) expect(line).toMatch(/^ports: \['127\.0\.0\.1:/);
});
