// Every fault of the runtime that a person reads, in one place.

import { WatchkeeperError } from '@watchkeeper/schemas';
import type { OutgoingRecord } from './contract.js';

/** The group has given the partition to someone else: whatever is at hand must not be written. The role goes on. */
export function fenced(what: string, cause?: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_FENCED',
    `This member no longer holds ${what}: its work is dropped, and the next holder does it again.`,
    { cause },
  );
}

/** True of an error made by {@link fenced}, whatever wraps it. */
export function isFenced(error: unknown): boolean {
  if (error instanceof WatchkeeperError && error.code === 'WK_FENCED') return true;
  return error instanceof Error && error.cause !== undefined && isFenced(error.cause);
}

/** True where a worker gave up what was at hand because its role stops: the partition is no longer held, or it threw what the signal was aborted with. */
export function isGivenUp(error: unknown, stopping: AbortSignal): boolean {
  return stopping.aborted && (isFenced(error) || error === stopping.reason);
}

export function badSettings(role: string, faults: readonly string[]): WatchkeeperError {
  return new WatchkeeperError(
    'WK_SETTINGS',
    `The settings of ${role} have ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    { exitCode: 2 },
  );
}

export function noTopic(topic: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_NO_TOPIC',
    `Kafka has no topic ${topic}, or does not show it to this user: run 'watchkeeper topics' to make the topics.`,
    { exitCode: 2 },
  );
}

/** WK_RECORDS_REFUSED: the log will never take these records; all others that were sent with them are appended. */
export class RecordsRefused extends WatchkeeperError {
  readonly refused: readonly OutgoingRecord[];
  /** The broker's word for it. */
  readonly why: string;

  constructor(topic: string, refused: readonly OutgoingRecord[], of: number, why: string, cause: unknown) {
    super(
      'WK_RECORDS_REFUSED',
      `Kafka refuses ${refused.length} of ${of} records for ${topic} for good (${why}); the others are appended. Where they are too large, raise the topic's max.message.bytes.`,
      { cause },
    );
    this.refused = refused;
    this.why = why;
  }
}

export function noLeader(topics: readonly string[]): WatchkeeperError {
  return new WatchkeeperError(
    'WK_NO_LEADER',
    `Kafka made ${topics.join(', ')}, but no broker leads every partition yet: look at the brokers, then try again.`,
    { exitCode: 3 },
  );
}

export function badTokenModule(file: string, why: string, cause?: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_TOKEN_MODULE',
    `KAFKA_TOKEN_MODULE ${file} gave no token (${why}): its default export must be a function that resolves to the token's text.`,
    { cause, exitCode: 2 },
  );
}

export function loginRefused(brokers: readonly string[], as: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_KAFKA_LOGIN',
    `Kafka at ${brokers.join(', ')} refused the login of ${as}: look at KAFKA_SASL and at what the user's password or token is.`,
    { cause, exitCode: 2 },
  );
}

export function certificateRefused(brokers: readonly string[], why: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_KAFKA_CERTIFICATE',
    `The certificate of Kafka at ${brokers.join(', ')} is not believed (${why}): set KAFKA_TLS_CA_FILE to the authority that signed it, and name the brokers as it does.`,
    { cause, exitCode: 2 },
  );
}

export function forbidden(what: string, as: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_KAFKA_FORBIDDEN',
    `Kafka does not let ${as} ${what}: grant what infra/kafka/acls.yaml lists ('watchkeeper topics --acls' does).`,
    { cause, exitCode: 2 },
  );
}

export function connectionClosed(brokers: readonly string[], cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_KAFKA_AWAY',
    `Kafka at ${brokers.join(', ')} closes the connection: if it wants TLS or a login, set KAFKA_TLS and KAFKA_SASL; if it is starting, try again.`,
    { cause, exitCode: 3 },
  );
}

export function unreachable(brokers: readonly string[], cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_KAFKA_AWAY',
    `Kafka at ${brokers.join(', ')} does not answer: start it, or set KAFKA_BROKERS to one that runs.`,
    { cause, exitCode: 3 },
  );
}

export function logReplaced(topic: string, partition: number, committed: number, end: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_LOG_REPLACED',
    `Partition ${partition} of ${topic} ends at ${end}, but ${committed} is committed: this is another log than the one that was read. Run 'watchkeeper topics --new-log' if Kafka was made anew.`,
  );
}

export function topicReplaced(topic: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_LOG_REPLACED',
    `${topic} is not the topic that was read so far: it was deleted, and made again or not. Nothing more is read of it. Stop the roles, run 'watchkeeper topics --new-log' to begin its new life beside what was kept of the old one, and start them again.`,
  );
}

export function logGap(topic: string, partition: number, wanted: number, begin: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_LOG_GAP',
    `Partition ${partition} of ${topic} begins at ${begin}, but the next record to read is ${wanted}: offsets ${wanted} to ${begin - 1} were removed unread, by retention or by hand. Set ACCEPT_GAP=true to go on without them; the ledger then keeps them as acceptedGaps.`,
  );
}

export function tooManyBad(
  service: string,
  topic: string,
  partition: number,
  bad: number,
  all: number,
  maxShare: number,
): WatchkeeperError {
  return new WatchkeeperError(
    'WK_TOO_MANY_BAD',
    `${service} found ${bad} of the last ${all} records of partition ${partition} of ${topic} unusable, more than the share of ${maxShare} that DEAD_LETTER_MAX_SHARE allows: look at them with 'watchkeeper dlq ls', then mend the producer or set ACCEPT_BAD=true to go on.`,
  );
}

export function metadataTooLong(bytes: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_COMMIT_METADATA',
    `A commit carries ${bytes} bytes of metadata, and Kafka takes 4096: make it shorter.`,
  );
}

export function commitBackwards(topic: string, partition: number, from: number, to: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_COMMIT_BACKWARDS',
    `A commit would move partition ${partition} of ${topic} back from ${from} to ${to}: commit in log order.`,
  );
}

export function partitionsDiffer(changelog: string, there: number, topic: string, wanted: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_PARTITIONS_DIFFER',
    `${changelog} has ${there} partitions, and ${topic} has ${wanted}: state would be looked for where it is not. Give both the same number before this role starts.`,
  );
}

export function stateIncomplete(changelog: string, partition: number, found: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_STATE_INCOMPLETE',
    `Partition ${partition} of ${changelog} holds ${found}: records of it were removed. Give it cleanup.policy=compact alone, and set ACCEPT_GAP=true once to go on with what is left: sessions whose state is gone are judged as if they began now.`,
  );
}

export function transactionOpen(topic: string, partition: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_TRANSACTION_OPEN',
    `A transaction that this role did not begin stands open in partition ${partition} of ${topic}, and hides what is written after it: find it with 'kafka-transactions.sh find-hanging', end it with 'kafka-transactions.sh abort', and start this role again.`,
  );
}

export function stuckDetector(detector: string, dueMicros: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_DETECTOR_STUCK',
    `${detector} is due at ${dueMicros} and stays so after onTime: dueAt must move on, or the same timer fires for ever.`,
  );
}

export function stopTookTooLong(shutdownMs: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_SHUTDOWN',
    `The stop took longer than ${shutdownMs} ms (SHUTDOWN_MS): what was at hand is done again at the next start.`,
  );
}

export function portTaken(host: string, port: number, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_PORT_TAKEN',
    `Port ${port} of ${host} cannot be used for /metrics and /healthz: set HTTP_PORT to a free one, or to 0.`,
    { cause, exitCode: 2 },
  );
}

export function cacheUnusable(dir: string, cause: unknown): WatchkeeperError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new WatchkeeperError(
    'WK_STATE_CACHE',
    `States cannot wait on disk in ${dir} (${why}): make room there, set STATE_CACHE_DIR to a folder with room, or raise STATE_MEMORY_MB. No state is lost.`,
    { cause },
  );
}

export function otherLog(topic: string, partition: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_OTHER_LOG',
    `The state kept for partition ${partition} of ${topic} belongs to a topic of that name that was deleted since, and so does the committed offset: run 'watchkeeper backfill ROLE' to judge the new topic from its beginning.`,
  );
}

export function groupBusy(group: string, members: number): WatchkeeperError {
  return new WatchkeeperError(
    'WK_GROUP_BUSY',
    `${group} has ${members === 1 ? 'a member' : `${members} members`} at work, and would go on from where it is: stop the role first (one that was killed counts until its session runs out).`,
    { exitCode: 2 },
  );
}
