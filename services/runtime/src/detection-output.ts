// How a detection becomes a record of agent.detections.

import { tupleKey, type Detection, type DetectionDraft } from '@watchkeeper/schemas';
import type { OutgoingRecord } from './contract.js';
import type { OutputPosition } from './output-position.js';

/** perKey's `output` for detectors: adds where the evidence lies and when it was found; keyed by (tenant, session or agent). */
export function detectionOutput(draft: DetectionDraft, at: OutputPosition): OutgoingRecord {
  const detection: Detection = {
    ...draft,
    source_topic: at.topic,
    source_partition: at.partition,
    source_offset: at.offset,
    source_timestamp: at.timestampMs,
    detected_at: at.nowMicros,
  };
  const about = detection.session_id === '' ? detection.agent_id : detection.session_id;
  return { key: tupleKey(detection.tenant_id, about), value: at.encode(detection) };
}
