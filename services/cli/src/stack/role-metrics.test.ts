// Figures out of what Prometheus and the kernel would tell.

import { expect, it } from 'vitest';
import { residentMb, sumOf } from './role-metrics.js';

const text = `# HELP nodejs_active_resources Number of active resources.
nodejs_active_resources{type="Timeout"} 7
nodejs_active_resources{type="TCPSocketWrap"} 5
nodejs_active_resources_total 12
watchkeeper_state_keys{role="loop-detector",partition="0"} 100
watchkeeper_state_keys{role="loop-detector",partition="1"} 50
watchkeeper_state_keys{role="meter",partition="1"} 9
`;

it('sums the series of a metric, and of none that begins like it', () => {
  expect(sumOf(text, 'nodejs_active_resources')).toBe(12);
  expect(sumOf(text, 'watchkeeper_state_keys', 'role="loop-detector"')).toBe(150);
  expect(sumOf(text, 'absent')).toBe(0);
});

it('reads resident memory', () => {
  expect(residentMb('Name:\tnode\nVmHWM:\t  999999 kB\nVmRSS:\t  204800 kB\nRssAnon:\t 1 kB\n')).toBe(200);
});
