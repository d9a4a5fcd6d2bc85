// The engine's errors as ClickHouse's HTTP interface shows them: a code header, a status, a body.

/** An error of the engine, or of the server in the engine's terms. */
export class QueryError extends Error {
  constructor(
    /** ClickHouse's number, as in system.errors. */
    readonly clickhouseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** ClickHouse's numbers for what the server itself refuses. */
export const codes = {
  syntaxError: 62,
  noDataToInsert: 108,
  unknownSetting: 115,
  readonly: 164,
  queryWithSameIdIsAlreadyRunning: 216,
  queryIsTooLarge: 229,
  intoOutfileNotAllowed: 358,
  badArguments: 36,
  authenticationFailed: 516,
  unknownException: 1002,
} as const;

// The numbers behind the names that ClickHouse's own table gives a status other than 500 (exceptionCodeToHTTPStatus.cpp).
const statuses: readonly (readonly [number, readonly number[]])[] = [
  [400, [6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676]],
  [401, [194]],
  [403, [192, 193, 516]],
  [404, [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511]],
  [408, [159]],
  [411, [381]],
  [413, [229]],
  [501, [48]],
  [503, [76, 209, 439]],
];

/** The HTTP status for an exception's number. */
export function statusOf(clickhouseCode: number): number {
  return statuses.find(([, numbers]) => numbers.includes(clickhouseCode))?.[0] ?? 500;
}

/** The number and the text of whatever was thrown; the engine's own message begins with `Code: N.`. */
export function toQueryError(error: unknown): QueryError {
  if (error instanceof QueryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const match = /Code: (\d+)\. DB::Exception: /.exec(message);
  if (!match) return new QueryError(codes.unknownException, message);
  return new QueryError(Number(match[1]), message.slice(match.index + match[0].length));
}

/** The body that clients parse, e.g. `Code: 60. DB::Exception: … (UNKNOWN_TABLE) (version 26.7.2.1)`. */
export function exceptionBody(error: QueryError, version: string): string {
  return `Code: ${error.clickhouseCode}. DB::Exception: ${error.message.trimEnd()} (version ${version} (watchkeeper local))\n`;
}
