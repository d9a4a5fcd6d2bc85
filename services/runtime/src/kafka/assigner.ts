// Our partition assigner for kafkajs: co-partitioned and sticky (assignment.ts), which none of its own is.

import kafkajs, { type PartitionAssigner } from 'kafkajs';
import { planAssignment } from '../assignment.js';

const NAME = 'watchkeeper-copartitioned';

/** `heldNow` gives the partition numbers that this member holds when it joins. */
export function copartitionedAssigner(heldNow: () => readonly number[]): PartitionAssigner {
  const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;
  return ({ cluster }) => ({
    name: NAME,
    version: 1,
    assign({ members, topics }) {
      const known = members.map(({ memberId, memberMetadata }) => {
        const decoded = MemberMetadata.decode(memberMetadata);
        return { id: memberId, topics: decoded?.topics ?? topics, held: heldIn(decoded?.userData) };
      });
      const partitionsOf = new Map(
        [...new Set(known.flatMap((member) => member.topics))].map((topic) => [
          topic,
          cluster.findTopicPartitionMetadata(topic).length,
        ]),
      );
      const plan = planAssignment(known, partitionsOf);
      return Promise.resolve(
        [...plan].map(([memberId, assigned]) => ({
          memberId,
          memberAssignment: MemberAssignment.encode({
            version: 1,
            assignment: Object.fromEntries(assigned),
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
    protocol({ topics }) {
      const userData = Buffer.from(JSON.stringify(heldNow()));
      return { name: NAME, metadata: MemberMetadata.encode({ version: 1, topics, userData }) };
    },
  });
}

function heldIn(userData: Buffer | undefined): number[] {
  try {
    const held: unknown = JSON.parse((userData ?? Buffer.alloc(0)).toString('utf8') || '[]');
    return Array.isArray(held) ? held.filter((number): number is number => Number.isInteger(number)) : [];
  } catch {
    // Another build's member: it keeps nothing, and all else goes on.
    return [];
  }
}
