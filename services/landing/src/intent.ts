// The intent in the offset: what a commit's metadata says about the block that is on its way.

/** A block that was begun: from the committed offset to `pendingTo`, under `logId`. */
export interface Intent {
  readonly pendingTo: number;
  readonly logId: string;
  /** A try of it came to no end: its token may be there without its rows. */
  readonly failed: boolean;
}

/** As commit metadata; well below Kafka's 4,096 bytes. */
export function encodeIntent(intent: Intent): string {
  const { pendingTo, logId, failed } = intent;
  return JSON.stringify({ v: 1, pendingTo, logId, ...(failed ? { failed } : {}) });
}

/** The intent in a commit's metadata; undefined where there is none (a commit made by a person's tool included). */
export function decodeIntent(metadata: string | undefined): Intent | undefined {
  if (metadata === undefined || !metadata.startsWith('{')) return undefined;
  try {
    const { pendingTo, logId, failed } = JSON.parse(metadata) as Partial<Record<keyof Intent, unknown>>;
    if (typeof pendingTo !== 'number' || !Number.isSafeInteger(pendingTo) || typeof logId !== 'string')
      return undefined;
    return { pendingTo, logId, failed: failed === true };
  } catch {
    return undefined;
  }
}

/** The insert's token: the same block of the same log always has the same. */
export function blockToken(
  logId: string,
  topic: string,
  partition: number,
  first: number,
  last: number,
  what: string,
): string {
  return `${logId}:${topic}:${partition}:${first}-${last}:${what}`;
}

/** The block of a topic that a token stands for, whatever was inserted of it; undefined where it is no such token. */
export function blockOfToken(
  token: string,
  topic: string,
): { logId: string; partition: number; first: number; last: number } | undefined {
  const at = token.indexOf(`:${topic}:`);
  const place = /^(\d+):(\d+)-(\d+):/.exec(token.slice(at + topic.length + 2));
  if (at < 0 || place === null) return undefined;
  const [partition = 0, first = 0, last = 0] = place.slice(1).map(Number);
  return { logId: token.slice(0, at), partition, first, last };
}
