// An event on its way into the detector: its time clamped, its contents cut to what is judged, and its form while it is held back.

import { clampToLog } from '@watchkeeper/schemas';
import type { LoopView } from './view.js';

/** No signal looks further than this into a text's beginning … */
const HEAD_CHARS = 16_384;
/** … or its end. */
const TAIL_CHARS = 2_048;

/** The event as the detector judges it; changed in place, since a decoded event belongs to its reader. `timestampMs`: LogAppendTime. */
export function loopInput(event: LoopView, record: { readonly timestampMs: number }): LoopView {
  event.occurred_at = clampToLog(event.occurred_at, record.timestampMs);
  event.input = cut(event.input);
  event.output = cut(event.output);
  return event;
}

/** Longer than the head even when cut, so that a signal that asks for the length is told the same. */
function cut(text: string): string {
  return text.length <= HEAD_CHARS + TAIL_CHARS ? text : text.slice(0, HEAD_CHARS) + text.slice(-TAIL_CHARS);
}

const NOTHING = Buffer.alloc(0);
/** A build that knew no facets has stored none. */
type Facets = 'input_facets' | 'output_facets';
type StoredEvent = Omit<LoopView, Facets> & Partial<Pick<LoopView, Facets>>;

/** How `sequenced` stores an event that waits for the one before it. */
export const heldEventCodec = {
  encode(event: LoopView): Buffer {
    return Buffer.from(JSON.stringify(event));
  },
  decode(bytes: Buffer): LoopView {
    const event = JSON.parse(bytes.toString('utf8'), (_key, value: unknown) =>
      isStoredBuffer(value) ? Buffer.from(value.data) : value,
    ) as StoredEvent;
    event.input_facets ??= NOTHING;
    event.output_facets ??= NOTHING;
    return event as LoopView;
  },
};

/** What JSON makes of a Buffer. */
function isStoredBuffer(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return (
    typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer' && 'data' in value
  );
}
