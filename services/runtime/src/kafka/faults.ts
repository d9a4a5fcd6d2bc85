// What an error of kafkajs means to us.

import { WatchkeeperError } from '@watchkeeper/schemas';
import kafkajs from 'kafkajs';
import { isFenced } from '../errors.js';

/** The group no longer takes this member's word: someone else has the partition, or soon will. */
const FENCES = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'REBALANCE_IN_PROGRESS']);
/** The broker has heard other sequence numbers of a producer than it goes on with. */
const SEQUENCES = new Set(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID']);
/** The transactional id has been opened by someone else, or the broker has given the transaction up. */
const TRANSACTION_FENCES = new Set([
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_TXN_STATE',
  ...SEQUENCES,
]);
/** PRODUCER_FENCED, which kafkajs 2.2.4 has no name for. */
const PRODUCER_FENCED = 90;
const FORBIDDEN = /^(TOPIC|GROUP|CLUSTER|TRANSACTIONAL_ID)_AUTHORIZATION_FAILED$/;
/** A record that no further try brings into the log. */
const REFUSALS = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);
const RIVALS = new Set(['TOPIC_ALREADY_EXISTS']);

/** The protocol's name of an error; undefined where it is none of the protocol's. */
export function protocolType(error: unknown): string | undefined {
  const { type } = (error ?? {}) as { type?: unknown };
  return typeof type === 'string' ? type : undefined;
}

/** True where a commit was refused because the partition is, or may be, another member's. */
export function isFence(error: unknown): boolean {
  return error instanceof kafkajs.KafkaJSError && FENCES.has(protocolType(error) ?? '');
}

/** True where a transaction was refused for good: its holder must open the id again, and see what became of it. */
export function isTransactionFence(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (TRANSACTION_FENCES.has(protocolType(error) ?? '') || (error as { code?: unknown }).code === PRODUCER_FENCED)
    return true;
  return isTransactionFence(error.cause);
}

/** True where the broker has heard other numbers of a producer than it goes on with, as after a connection that was lost amid them: another may begin anew. */
export function isSequenceLost(error: unknown): boolean {
  return SEQUENCES.has(protocolType(error) ?? '');
}

/** True where the last transaction of the same id is still being ended. */
export function isTransactionPending(error: unknown): boolean {
  return protocolType(error) === 'CONCURRENT_TRANSACTIONS';
}

/** True of a heartbeat's answer that a rebalance has begun: the partition is still ours until we join again. */
export function isRebalance(error: unknown): boolean {
  return error instanceof kafkajs.KafkaJSError && protocolType(error) === 'REBALANCE_IN_PROGRESS';
}

export function isKafkaError(error: unknown): error is kafkajs.KafkaJSError {
  return error instanceof kafkajs.KafkaJSError;
}

/** True where Kafka was away for longer than kafkajs tries: the lane starts again instead of ending. */
export function isOutage(error: unknown): boolean {
  if (error instanceof kafkajs.KafkaJSNumberOfRetriesExceeded || isRetriable(error) || hasTripped(error)) return true;
  // Where one retrier of kafkajs stands within another, the outer one calls final what the inner one gave up; its cause says what it was. So
  // does that of our own WK_KAFKA_AWAY.
  const isWrapped = error instanceof kafkajs.KafkaJSNonRetriableError || error instanceof WatchkeeperError;
  return isWrapped && !isFenced(error) && isOutage(error.cause);
}

/** kafkajs trips over what a lost connection took away (its metadata, a broker's lock), and the error that would say so is lost. */
function hasTripped(error: unknown): boolean {
  return error instanceof TypeError && (error.stack?.split('\n')[1] ?? '').includes('/node_modules/kafkajs/');
}

/** Makes kafkajs start the consumer again: it does so for this error alone. */
export function restart(error: Error): Error {
  if (error instanceof kafkajs.KafkaJSNumberOfRetriesExceeded) return error;
  return new kafkajs.KafkaJSNumberOfRetriesExceeded(error, { retryCount: 0, retryTime: 1_000 });
}

/** Makes kafkajs join its group again, which it does for this type alone: the partitions are dealt anew, and opened again. */
export function rejoin(error: unknown): Error {
  const why = error instanceof Error ? error : String(error);
  return Object.assign(new kafkajs.KafkaJSError(why), { type: 'REBALANCE_IN_PROGRESS' });
}

/** True where another try may help (connection lost, coordinator moving). */
export function isRetriable(error: unknown): boolean {
  return error instanceof kafkajs.KafkaJSError && error.retriable && !isFence(error);
}

/** True where someone else has just made the same topic. */
export function isAlreadyThere(error: unknown): boolean {
  if (error instanceof kafkajs.KafkaJSAggregateError) return error.errors.every(isAlreadyThere);
  return RIVALS.has(protocolType(error) ?? '');
}

/** True where the topic is not there, also after kafkajs has tried for a while. */
export function isUnknownTopic(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return protocolType(error) === 'UNKNOWN_TOPIC_OR_PARTITION' || isUnknownTopic(error.cause);
}

/** The protocol's name for why a request's records were refused for good, all or some of them; undefined where they were not. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const type = protocolType(error);
  return type !== undefined && REFUSALS.has(type) ? type : refusalOf(error.cause);
}

/** True where an ACL is missing. */
export function isForbidden(error: unknown): boolean {
  return FORBIDDEN.test(protocolType(error) ?? '');
}

/** True where there is no such group to delete. */
export function isUnknownGroup(error: unknown): boolean {
  if (!(error instanceof kafkajs.KafkaJSDeleteGroupsError)) return false;
  return error.groups.every((group) => protocolType(group.error) === 'GROUP_ID_NOT_FOUND');
}
