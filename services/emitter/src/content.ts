// How much of a content leaves the agent: nothing, marks alone, what a redaction leaves, or all of it.

import {
  FINGERPRINT_BYTES,
  contentMarks,
  hiddenInput,
  hiddenOutput,
  keyedHash,
  type ContentLevel,
  type ContentMarks,
  type KeyedHash,
} from '@watchkeeper/schemas';
import { plainText } from './plain-text.js';
import { cutText } from './values.js';

/** Where a content stands, for a redaction that treats fields differently. */
export type ContentField = 'input' | 'output' | 'goal' | 'error';

/** Gives back what may leave the agent. A throw, or anything but a string, lets nothing of this content leave. */
export type Redact = (text: string, where: { readonly field: ContentField; readonly name: string }) => string;

export interface ContentPolicy {
  readonly level: ContentLevel;
  readonly maxBytes: number;
  readonly redact: Redact;
  readonly sketchKey: KeyedHash;
  /** Called when a redaction failed. */
  readonly onRedactFailure: (error: unknown) => void;
}

/** A content as the record carries it. */
export interface MarkedContent {
  readonly text: string;
  readonly fingerprint: Buffer;
  readonly sketch: Buffer;
  readonly facets: Buffer;
  readonly cut: boolean;
}

const NOTHING = Buffer.alloc(0);

export const NO_CONTENT: MarkedContent = {
  text: '',
  fingerprint: Buffer.alloc(FINGERPRINT_BYTES),
  sketch: NOTHING,
  facets: NOTHING,
  cut: false,
};

export function contentPolicy(options: Omit<ContentPolicy, 'sketchKey'> & { readonly key: string }): ContentPolicy {
  return { ...options, sketchKey: keyedHash(options.key) };
}

/**
 * FULL: text and fingerprint (a sketch would say nothing more). REDACTED: the redacted text, fingerprint and sketch of it.
 * HASHED: fingerprint, sketch and facets of the text. NONE: nothing. The fingerprint is of the whole text (within its own bound), also where the text is cut.
 */
export function markContent(value: unknown, field: ContentField, name: string, policy: ContentPolicy): MarkedContent {
  if (value === undefined || policy.level === 'NONE') return NO_CONTENT;
  const text = plainText(value, policy.maxBytes + 1);
  if (text === '') return NO_CONTENT;
  switch (policy.level) {
    case 'FULL': {
      const kept = cutText(text, policy.maxBytes);
      return marked(contentMarks(text), kept.text, NOTHING, kept.cut);
    }
    case 'HASHED': {
      const marks = (field === 'output' ? hiddenOutput : hiddenInput)(text, policy.sketchKey);
      return marked(marks, '', marks.facets, false);
    }
    case 'REDACTED':
      return redacted(text, field, name, policy);
  }
}

// Field by field: spreading costs a microsecond here.
function marked({ fingerprint, sketch }: ContentMarks, text: string, facets: Buffer, cut: boolean): MarkedContent {
  return { text, fingerprint, sketch, facets, cut };
}

/** A text without marks: goals and error messages. */
export function plainContent(
  value: unknown,
  field: ContentField,
  name: string,
  policy: ContentPolicy,
  maxBytes: number,
): string {
  if (value === undefined || policy.level === 'NONE' || policy.level === 'HASHED') return '';
  const text = plainText(value, maxBytes);
  if (text === '') return '';
  return cutText(policy.level === 'FULL' ? text : (redactedText(text, field, name, policy) ?? ''), maxBytes).text;
}

function redacted(text: string, field: ContentField, name: string, policy: ContentPolicy): MarkedContent {
  const left = redactedText(text, field, name, policy);
  if (left === undefined || left === '') return NO_CONTENT;
  const kept = cutText(left, policy.maxBytes);
  return {
    ...contentMarks(left, policy.sketchKey),
    text: kept.text,
    facets: NOTHING,
    cut: kept.cut || text.length > policy.maxBytes * 2,
  };
}

/** The redaction sees twice of what is kept, so that a secret across the cut is seen whole and what it misses at the end is cut off. */
function redactedText(text: string, field: ContentField, name: string, policy: ContentPolicy): string | undefined {
  try {
    const bounded = text.length > policy.maxBytes * 2 ? text.slice(0, policy.maxBytes * 2) : text;
    const left: unknown = policy.redact(bounded, { field, name });
    if (typeof left === 'string') return left;
    policy.onRedactFailure(new TypeError(`redact gave ${typeof left}, not a string`));
  } catch (error) {
    policy.onRedactFailure(error);
  }
  return undefined;
}
