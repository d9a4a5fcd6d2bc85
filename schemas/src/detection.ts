// How a detection gets its id, and what of it a detector fills in.

import { createHash } from 'node:crypto';
import type { Detection } from './generated/types.js';
import { tupleKey } from './keys.js';

/** What a detector says; the runtime adds where the evidence lies and when it was found. */
export type DetectionDraft = Omit<
  Detection,
  'source_topic' | 'source_partition' | 'source_offset' | 'source_timestamp' | 'detected_at'
>;

type Identity = Pick<
  Detection,
  'tenant_id' | 'detector' | 'detector_version' | 'kind' | 'subject' | 'metric' | 'anchor'
>;

/** sha256 (64 hex digits) over the length-prefixed identity: the same log always gives the same id. */
export function detectionId(identity: Identity): string {
  const { tenant_id, detector, detector_version, kind, subject, metric, anchor } = identity;
  return createHash('sha256')
    .update(tupleKey(tenant_id, detector, String(detector_version), kind, subject, metric, String(anchor)))
    .digest('hex');
}
