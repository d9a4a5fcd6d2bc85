// Are the detections of a run those of another, but for when they were found?

import { isDeepStrictEqual } from 'node:util';
import type { Detection } from '@watchkeeper/schemas';

/** What differs; empty where nothing does. */
export interface Comparison {
  /** Distinct detections of the reference. */
  readonly expected: number;
  readonly found: number;
  /** Ids and revisions of the reference that were not found, up to {@link SHOWN}. */
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  /** Ids whose last revisions differ, with the fields that do. */
  readonly different: readonly string[];
}

const SHOWN = 20;

/** Keeps the last revision of each detection. */
export class LastRevisions {
  readonly #newest = new Map<string, Detection>();
  /** A revision that was written twice with different contents. */
  readonly contradictions: string[] = [];

  add(detection: Detection): void {
    const known = this.#newest.get(detection.detection_id);
    if (known?.revision === detection.revision) {
      const fields = differingFields(known, detection);
      if (fields.length > 0)
        this.contradictions.push(`${label(detection)} was written twice, with other ${fields.join(', ')}`);
    }
    if (known === undefined || known.revision <= detection.revision)
      this.#newest.set(detection.detection_id, detection);
  }

  get size(): number {
    return this.#newest.size;
  }

  get(id: string): Detection | undefined {
    return this.#newest.get(id);
  }

  /** Those of a kind, with every contradiction. */
  where(matches: (detection: Detection) => boolean): LastRevisions {
    const some = new LastRevisions();
    for (const detection of this.#newest.values()) if (matches(detection)) some.add(detection);
    some.contradictions.push(...this.contradictions);
    return some;
  }

  all(): Iterable<Detection> {
    return this.#newest.values();
  }
}

/** Compares last revisions in all fields but `detected_at`, and both sets of ids. */
export function compareDetections(expected: LastRevisions, found: LastRevisions): Comparison {
  const missing: string[] = [];
  const unexpected: string[] = [];
  const different: string[] = [...found.contradictions];
  for (const detection of expected.all()) {
    const other = found.get(detection.detection_id);
    if (other === undefined) missing.push(label(detection));
    else {
      const fields = differingFields(detection, other);
      if (fields.length > 0) different.push(`${label(detection)}: ${fields.join(', ')}`);
    }
  }
  for (const detection of found.all())
    if (expected.get(detection.detection_id) === undefined) unexpected.push(label(detection));
  return {
    expected: expected.size,
    found: found.size,
    missing: missing.slice(0, SHOWN),
    unexpected: unexpected.slice(0, SHOWN),
    different: different.slice(0, SHOWN),
  };
}

/** Whether nothing differs. */
export function isEqual({ missing, unexpected, different }: Comparison): boolean {
  return missing.length + unexpected.length + different.length === 0;
}

function differingFields(one: Detection, other: Detection): string[] {
  return (Object.keys(one) as (keyof Detection)[]).filter(
    (field) => field !== 'detected_at' && !isDeepStrictEqual(one[field], other[field]),
  );
}

function label({ detection_id, revision, kind, subject }: Detection): string {
  return `${detection_id.slice(0, 12)} revision ${revision} (${kind} of ${subject})`;
}
