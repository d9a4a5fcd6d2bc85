// infra/kafka/acls.yaml against what the roles say of themselves.
import { groupOf, readAcls, readTopics } from '@watchkeeper/runtime';
import { describe, expect, it } from 'vitest';
import { allRoles } from './roles.js';

const acls = readAcls();
const topics = new Set(readTopics().map(({ name }) => name));
const of = (user: string, resource: string, operation: string): string[] =>
  acls
    .filter((grant) => grant.user === user && grant.resource === resource && grant.operation === operation)
    .map(({ name }) => name)
    .sort();

describe.each(allRoles.map((role) => [role.name, role] as const))('the user of %s', (name, role) => {
  const user = `watchkeeper-${name}`;
  const changelogs = [...topics].filter((topic) => topic.startsWith(`${name}.`) && topic.endsWith('.changelog'));

  it('may read what the role reads, and its changelogs', () => {
    const reads = role.reads.length === 0 ? ['watchkeeper.once'] : [...role.reads, ...changelogs];
    expect(of(user, 'topic', 'read')).toEqual([...reads].sort());
  });

  it('may write what the role writes, and its changelogs', () => {
    const writes = role.writes === undefined ? ['watchkeeper.once'] : [role.writes, ...changelogs];
    expect(of(user, 'topic', 'write')).toEqual([...writes].sort());
  });

  it('may commit for its own groups, and open transactional ids where it keeps state', () => {
    for (const group of of(user, 'group', 'read'))
      expect([name, groupOf(name, group.split('.')[1] ?? '')]).toContain(group);
    expect(of(user, 'transactions', 'write')).toEqual(changelogs.length > 0 ? [`${name}.`] : []);
  });
});

it('names no topic that is not in the list of topics', () => {
  for (const { resource, name } of acls) if (resource === 'topic') expect(topics).toContain(name);
});
