// Errors of the benchmark's files: a code and one sentence.

import { WatchkeeperError } from '@watchkeeper/schemas';

export function nabNotFound(dir: string): WatchkeeperError {
  return new WatchkeeperError(
    'WK_NAB_NOT_FOUND',
    `${dir} holds no series: give a folder with data/<folder>/<series>.csv in it or in its folder nab.`,
    { exitCode: 2 },
  );
}

/** Line 0: a window's timestamp that the series does not have. */
export function nabLineUnreadable(series: string, line: number): WatchkeeperError {
  const what =
    line === 0
      ? 'a window begins or ends at a time that the series does not have'
      : `line ${line} is not 'timestamp,value'`;
  return new WatchkeeperError('WK_NAB_LINE', `Series ${series} cannot be read: ${what}; mend the file.`, {
    exitCode: 2,
  });
}
