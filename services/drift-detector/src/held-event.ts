// An event on its way into the detector: its time clamped, its contents cut to what is judged, and its form while it is held back.

import { clampToLog } from '@watchkeeper/schemas';
import { MAX_SCANNED_UNITS } from './text/scan.js';
import type { DriftView } from './view.js';

/** The event as the detector judges it; changed in place, since a decoded event belongs to its reader. `timestampMs`: LogAppendTime. */
export function driftInput(event: DriftView, record: { readonly timestampMs: number }): DriftView {
  event.occurred_at = clampToLog(event.occurred_at, record.timestampMs);
  if (event.input.length > MAX_SCANNED_UNITS) event.input = event.input.slice(0, MAX_SCANNED_UNITS);
  if (event.output.length > MAX_SCANNED_UNITS) event.output = event.output.slice(0, MAX_SCANNED_UNITS);
  return event;
}

/** How `sequenced` stores an event that waits for the one before it. */
export const heldEventCodec = {
  encode(event: DriftView): Buffer {
    return Buffer.from(JSON.stringify(event));
  },
  decode(bytes: Buffer): DriftView {
    return JSON.parse(bytes.toString('utf8'), (_key, value: unknown) =>
      isStoredBuffer(value) ? Buffer.from(value.data) : value,
    ) as DriftView;
  },
};

/** What JSON makes of a Buffer. */
function isStoredBuffer(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return (
    typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer' && 'data' in value
  );
}
