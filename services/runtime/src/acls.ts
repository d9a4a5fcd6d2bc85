// Who may do what in Kafka: the list in infra/kafka/acls.yaml, as grants on resources.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseCommentedJson } from './commented-json.js';
import type { AclGrant } from './contract.js';

const names = z.array(z.string().regex(/^[a-zA-Z0-9._-]{1,200}$/));

const aclFile = z.array(
  z.strictObject({
    user: z.string().min(1),
    reads: names.default([]),
    writes: names.default([]),
    groups: names.default([]),
    /** Beginnings of transactional ids. */
    transactions: names.default([]),
    /** Described alone: offsets, commits. */
    looksAt: z.strictObject({ topics: names, groups: names }).default({ topics: [], groups: [] }),
  }),
);

/** The list as the repository ships it. */
export function readAcls(path = fileURLToPath(new URL('../../../infra/kafka/acls.yaml', import.meta.url))): AclGrant[] {
  return parseAcls(readFileSync(path, 'utf8'));
}

/** One grant per user, resource and operation. Throws where the text is no such list. */
export function parseAcls(text: string): AclGrant[] {
  return aclFile.parse(parseCommentedJson(text)).flatMap((entry) => {
    const grant = (resource: AclGrant['resource'], operation: AclGrant['operation']) => (name: string) => ({
      user: entry.user,
      resource,
      operation,
      name,
    });
    return [
      ...entry.reads.map(grant('topic', 'read')),
      ...entry.writes.map(grant('topic', 'write')),
      ...entry.groups.map(grant('group', 'read')),
      ...entry.transactions.map(grant('transactions', 'write')),
      ...entry.looksAt.topics.map(grant('topic', 'describe')),
      ...entry.looksAt.groups.map(grant('group', 'describe')),
    ];
  });
}
