// A record in kafkajs' terms.

import type { Message } from 'kafkajs';
import type { OutgoingRecord } from '../contract.js';

export function messageOf({ key, value, partition, headers }: OutgoingRecord): Message {
  return {
    key,
    value,
    ...(partition === undefined ? {} : { partition }),
    ...(headers === undefined ? {} : { headers: { ...headers } }),
  };
}
