// What the server must know of formats: their content type, and whether the engine's pieces of a result join to the whole.

/** The content type that ClickHouse gives a format. */
export function contentType(format: string): string {
  if (
    /^(JSON$|JSONStrings$|JSONColumns|JSONCompact$|JSONCompactStrings$|JSONCompactColumns$|JSONObjectEachRow$)/.test(
      format,
    )
  )
    return 'application/json; charset=UTF-8';
  if (/EachRow|^NDJSON|^JSONLines/.test(format)) return 'application/x-ndjson; charset=UTF-8';
  if (format.startsWith('CSVWithNames')) return 'text/csv; charset=UTF-8; header=present';
  if (format.startsWith('CSV')) return 'text/csv; charset=UTF-8; header=absent';
  if (/^(TSV|TabSeparated)/.test(format)) return 'text/tab-separated-values; charset=UTF-8';
  if (format === 'XML') return 'application/xml; charset=UTF-8';
  if (/^(RowBinary|Native|Avro|Parquet|Arrow|ORC|Protobuf|MsgPack|BSON)/.test(format))
    return 'application/octet-stream';
  return 'text/plain; charset=UTF-8';
}

const joinable = new Set(
  'JSONEachRow JSONStringsEachRow JSONCompactEachRow JSONCompactStringsEachRow JSONLines NDJSON CSV TSV TSVRaw TabSeparated TabSeparatedRaw RowBinary Native LineAsString'.split(
    ' ',
  ),
);

/** True if a result can leave piece by piece: the engine writes a head and a foot around each piece, and these formats have neither. */
export function isStreamable(format: string): boolean {
  return joinable.has(format);
}
