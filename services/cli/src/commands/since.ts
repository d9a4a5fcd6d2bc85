// --since: a time, or an age.

import { badOption } from '../errors.js';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds since 1970 of an ISO time, or of an age before `nowMs` such as 30m, 6h, 2d. Throws WK_BAD_OPTION. */
export function sinceMsOf(text: string, nowMs: number): number {
  const age = /^(\d+)([smhd])$/.exec(text);
  const unitMs = UNITS_MS[age?.[2] ?? ''];
  if (age && unitMs !== undefined) return nowMs - Number(age[1]) * unitMs;
  const timeMs = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(timeMs))
    throw badOption('--since', text, 'a time such as 2026-01-31T12:00Z, or an age such as 30m, 6h or 2d');
  return timeMs;
}
