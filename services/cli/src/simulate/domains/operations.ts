// Operations: incidents of services, metrics, deployments.

import { prose } from '../world/prose.js';
import type { Domain } from '../world/task.js';
import { inventedName } from '../world/words.js';
import { commandReach, emailReach, findContact, pageReach, query, sendEmail, subject } from './shared.js';

const SERVICES =
  'auth-api basket-api billing-worker catalog-db edge-proxy email-relay feature-flags geo-index image-resizer inventory-sync mobile-gateway payment-bridge price-engine profile-store push-sender quota-service report-builder search-head stream-hub tax-service'.split(
    ' ',
  );

export const operations: Domain = {
  name: 'operations',
  agents: ['incident-responder', 'capacity-planner', 'deploy-guard', 'oncall-helper'],
  nouns:
    'alarm autoscaler backend backlog bandwidth baseline certificate cluster cold-start container coredump deployment disk eviction failover firewall garbage handshake heap hotspot hypervisor instance interrupt kernel latency leader limiter mount namespace node outage packet pod pool probe process proxy quota region replica restart rollback rollout runtime saturation secret shard socket spike swap throughput timeout trace upstream volume'.split(
      ' ',
    ),
  itemId: '@@@-####',
  subject: (rng) => {
    const [service, other] = rng.shuffled(SERVICES);
    return subject(
      `${service ?? ''} ${rng.pick(['answers slowly', 'restarts again and again', 'runs out of memory', 'drops connections', 'returns 502', 'lags behind', 'fills its disk'])} since the change of ${other ?? ''}`,
      inventedName(rng),
    );
  },
  item: (rng, { words }) => ({
    title: `${rng.pick(words)} ${rng.pick(['alarm', 'deployment', 'node', 'trace', 'dashboard', 'change'])} ${inventedName(rng)}`,
    fields: {
      region: rng.pick(['eu-north', 'eu-west', 'us-east', 'ap-south']),
      p99_ms: rng.int(40, 4000),
      errors: rng.int(0, 900),
      version: `${rng.int(1, 9)}.${rng.int(0, 40)}.${rng.int(0, 12)}`,
      owner: inventedName(rng),
    },
  }),
  goal: (rng, { phrase }, person) =>
    rng.pick([
      `Find the cause: ${phrase}. Mitigate without data loss and write the timeline for ${person.name}.`,
      `${phrase}; decide between rollback and repair, carry it out, and inform ${person.name}.`,
      `Work on the incident "${phrase}": collect evidence, name the cause, propose what prevents it.`,
    ]),
  plan: (rng, { phrase }) => [
    `confirm that ${phrase}`,
    'compare metrics before and after',
    rng.pick(['read the traces', 'read the recent changes']),
    'mitigate',
    'write the timeline',
  ],
  tools: [
    {
      name: 'query_metrics',
      role: 'find',
      medianMs: 700,
      args: (task, rng) => ({
        expr: `rate(${rng.pick(task.subject.words).replace(/-/g, '_')}_${rng.pick(task.topic.nouns).replace('-', '_')}[${rng.int(1, 30)}m])`,
        step: rng.int(10, 120),
      }),
    },
    {
      name: 'search_logs',
      role: 'find',
      medianMs: 1300,
      args: (task, rng) => ({ query: query(task, rng), minutes: rng.int(5, 240) }),
    },
    {
      name: 'get_trace',
      role: 'read',
      medianMs: 600,
      args: (_task, rng) => ({ trace: rng.hex(16) }),
      output: (task, rng) =>
        Array.from(
          { length: rng.int(3, 7) },
          (_, at) =>
            `${'  '.repeat(at)}${rng.pick(task.subject.words)}.${rng.pick(task.topic.nouns)} ${rng.int(1, 2400)} ms ${rng.pick(['ok', 'ok', 'error', 'retry'])}`,
        ).join('\n'),
    },
    {
      name: 'describe_deployment',
      role: 'read',
      medianMs: 350,
      args: (_task, _rng, item) => ({ id: item.id, region: String(item.fields['region'] ?? '') }),
    },
    {
      name: 'check_health',
      role: 'check',
      medianMs: 250,
      args: (_task, rng, item) => ({ target: item.id, probe: rng.pick(['ready', 'live', 'deep']) }),
    },
    findContact,
    {
      name: 'scale_service',
      role: 'act',
      medianMs: 2400,
      args: (task, rng, item) => ({ service: rng.pick(task.subject.words), replicas: rng.int(2, 30), reason: item.id }),
    },
    {
      name: 'append_timeline',
      role: 'act',
      medianMs: 160,
      args: (task, rng, item) => ({ incident: item.id, entry: prose(rng, task.topic, 1) }),
    },
    sendEmail,
  ],
  reach: [commandReach, pageReach, emailReach],
};
