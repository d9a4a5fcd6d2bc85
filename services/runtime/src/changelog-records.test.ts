import { describe, expect, it } from 'vitest';
import {
  changelogKey,
  partitionKey,
  partitionValue,
  readChangelogKey,
  readPartitionValue,
} from './changelog-records.js';

const detector = { id: 'loop-detector', version: 2 };
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

// Golden bytes: other ones, and every running fleet has lost its state.
const KEY = '01010d6c6f6f702d6465746563746f72020e343a61636d65363a6261736b6574';
const OF_PARTITION = '01000d6c6f6f702d6465746563746f7202';
const VALUE_1 = '01b9c00103010203';
const VALUE_2 = '02b9c00103010203056c69666531';

describe('the records of a changelog', () => {
  it('are written and read as they always were', () => {
    expect(changelogKey(detector, '4:acme6:basket').toString('hex')).toBe(KEY);
    expect(readChangelogKey(bytes(KEY))).toEqual({ kind: 'key', detector, key: '4:acme6:basket' });
    expect(partitionKey(detector).toString('hex')).toBe(OF_PARTITION);
    expect(readChangelogKey(bytes(OF_PARTITION))).toEqual({ kind: 'partition', detector });
  });

  it('say of which life of the topic they are, where they are not of a version that did not', () => {
    const value = { offset: 12_345, partition: Buffer.from([1, 2, 3]), life: 'life1' };
    expect(partitionValue(value).toString('hex')).toBe(VALUE_2);
    expect(readPartitionValue(bytes(VALUE_2))).toEqual(value);
    expect(readPartitionValue(bytes(VALUE_1))).toEqual({ ...value, life: undefined });
  });
});
