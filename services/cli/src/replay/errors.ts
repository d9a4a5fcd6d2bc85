// What can be wrong with trace files.

import { WatchkeeperError } from '@watchkeeper/schemas';

export function traceMalformed(file: string, line: number, why: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_TRACE_MALFORMED',
    `Line ${line} of ${file} is not a trace event: ${why}. Nothing of this file was sent; mend or remove the line.`,
    { exitCode: 2 },
  );
}

export function traceUnreadable(file: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_TRACE_UNREADABLE',
    `${file} could not be read as JSON lines (.jsonl) or gzip of them (.jsonl.gz): check that it is whole.`,
    { exitCode: 2, cause },
  );
}

export function noTraces(path: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_NO_TRACES',
    `There are no traces at ${path}: give a .jsonl or .jsonl.gz file, a folder with events.jsonl(.gz), or a folder of such folders.`,
    { exitCode: 2 },
  );
}

export function badSpeed(text: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_BAD_SPEED',
    `The speed '${text}' is none: give 1 for real time, ×60 (or x60, 60) for sixty times as fast, or max.`,
    { exitCode: 2 },
  );
}
