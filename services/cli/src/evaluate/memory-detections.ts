// What a run in memory told, in the form in which a role writes it, so that both can be compared field by field.

import {
  catalogueIds,
  encodeWire,
  fullView,
  viewDecoder,
  writerTypes,
  type Detection,
  type DetectionDraft,
} from '@watchkeeper/schemas';
import { LastRevisions } from '../bench/compare.js';
import { benchUndecodable } from '../errors.js';

/** Where a detection was found and when; another run's detection differs in these alone. */
const NOWHERE = {
  source_topic: '',
  source_partition: 0,
  source_offset: 0,
  source_timestamp: 0,
  detected_at: 0,
} as const satisfies Partial<Detection>;

export function withoutSource(detection: Detection): Detection {
  return { ...detection, ...NOWHERE };
}

/** The last revision of each detection, by way of the wire. */
export function memoryDetections(drafts: Iterable<DetectionDraft>): LastRevisions {
  const ids = catalogueIds();
  const decode = viewDecoder(fullView('Detection'), ids.writerTypeOf);
  const detections = new LastRevisions();
  for (const draft of drafts) {
    const record = encodeWire(ids.idOf('Detection'), writerTypes.Detection, { ...draft, ...NOWHERE });
    const decoded = decode(record);
    if (decoded.kind === 'bad') throw benchUndecodable('Detection', 0, decoded.error);
    detections.add(decoded.value);
  }
  return detections;
}
