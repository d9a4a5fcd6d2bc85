// What a broker's refusals mean to a person: not logged in, not believed, not allowed, not there.

import { WatchkeeperError } from '@watchkeeper/schemas';
import type { KafkaAccess, KafkaLogin } from '../access-settings.js';
import { certificateRefused, connectionClosed, forbidden, loginRefused, unreachable } from '../errors.js';
import { isForbidden } from './faults.js';

interface Caller {
  readonly brokers: readonly string[];
  readonly access?: KafkaAccess;
}

/** Node's codes for a certificate that is not believed. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

/** Why no connection came about, in one sentence. */
export function explainAccess(error: unknown, { brokers, access }: Caller): WatchkeeperError {
  for (const cause of chain(error)) {
    if (cause instanceof WatchkeeperError) return cause;
    if (isForbidden(cause)) return forbidden('write to any topic', whoIs(access?.login), error);
    if (cause.name === 'KafkaJSSASLAuthenticationError') return loginRefused(brokers, whoIs(access?.login), error);
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && CERTIFICATE.test(code)) return certificateRefused(brokers, code, error);
    if (cause.name === 'KafkaJSConnectionClosedError') return connectionClosed(brokers, error);
  }
  return unreachable(brokers, error);
}

/** The same error, unless the broker forbade it: then WK_KAFKA_FORBIDDEN, which says who may not do what. */
export function explainForbidden(error: unknown, what: string, access: KafkaAccess | undefined): unknown {
  return chain(error).some(isForbidden) ? forbidden(what, whoIs(access?.login), error) : error;
}

function whoIs(login: KafkaLogin | undefined): string {
  if (!login) return 'an unnamed user';
  return login.mechanism === 'oauthbearer' ? 'this token' : `user ${login.username}`;
}

function chain(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 5; at = at.cause) causes.push(at);
  return causes;
}
