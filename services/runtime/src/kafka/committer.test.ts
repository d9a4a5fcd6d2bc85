import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { Committer, type OffsetsToCommit } from './committer.js';

const refusal = (type: string, retriable: boolean) =>
  new kafkajs.KafkaJSProtocolError({ type, message: type, retriable, code: 1, name: 'x' } as never);

describe('Committer', () => {
  it('sends commits that wait together in one request, the last of a partition alone', async () => {
    const sent: OffsetsToCommit[] = [];
    const committer = new Committer((offsets) => {
      sent.push(offsets);
      return Promise.resolve();
    });
    await Promise.all([1, 2, 3].map((partition) => committer.commit('t', partition, { offset: 5, metadata: '' })));
    expect(sent).toHaveLength(1);
    expect(sent[0]?.topics[0]?.partitions).toHaveLength(3);
  });

  it.each(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS'])(
    'says that the partition is lost on %s',
    async (type) => {
      const committer = new Committer(() => Promise.reject(refusal(type, false)));
      await expect(committer.commit('t', 0, { offset: 1, metadata: '' })).rejects.toMatchObject({ code: 'WK_FENCED' });
    },
  );

  it('tries again while the coordinator moves', async () => {
    let tries = 0;
    const committer = new Committer(() =>
      ++tries < 3 ? Promise.reject(refusal('COORDINATOR_LOAD_IN_PROGRESS', true)) : Promise.resolve(),
    );
    await committer.commit('t', 0, { offset: 1, metadata: '' });
    expect(tries).toBe(3);
  });

  it('sends nothing in the name of the next generation', async () => {
    const sent: OffsetsToCommit[] = [];
    const committer = new Committer((offsets) => {
      sent.push(offsets);
      return Promise.resolve();
    });
    const waiting = committer.commit('t', 0, { offset: 1, metadata: '' });
    committer.close();
    await expect(waiting).rejects.toMatchObject({ code: 'WK_FENCED' });
    await expect(committer.commit('t', 0, { offset: 2, metadata: '' })).rejects.toMatchObject({ code: 'WK_FENCED' });
    expect(sent).toEqual([]);
  });
});
