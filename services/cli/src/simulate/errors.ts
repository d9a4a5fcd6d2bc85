// The simulator's errors.

import { WatchkeeperError } from '@watchkeeper/schemas';

export function truthNotWritten(path: string, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_TRUTH_NOT_WRITTEN',
    `The truth about the fleet could not be written to ${path}: give --truth a file in a folder that exists and is yours.`,
    { cause, exitCode: 2 },
  );
}

export function truthNotRead(path: string, line: number, cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'WK_TRUTH_UNREADABLE',
    `Line ${line} of ${path} is not a truth record: give the file that 'watchkeeper simulate --truth' wrote.`,
    { cause, exitCode: 2 },
  );
}
