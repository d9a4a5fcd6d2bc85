// What landing asks of its store: values for what is expected, throws for what is not.

/** One container, to be stored under one token. */
export interface Insert {
  readonly table: string;
  readonly sql: string;
  readonly body: Buffer;
  readonly token: string;
  /** Nobody waits for it: it stands back where detections want the processor. */
  readonly background: boolean;
}

/**
 * `stored`: all rows and all views' rows are in, now or since before. `refused`: the engine would not take it; the data may
 * be why. `away`: no answer, or too busy; it may or may not be stored.
 */
export type StoreOutcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'refused'; readonly error: Error }
  | { readonly kind: 'away'; readonly error: Error };

/** What the ledger keeps of a block. */
export interface Receipt {
  readonly logId: string;
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  readonly rows: number;
  readonly deadLetters: number;
  readonly holes: number;
  readonly lost: number;
  readonly firstTimestampMs: number;
  readonly lastTimestampMs: number;
}

/** Where a block's rows lie: offsets `first` to `last`, appended between `fromMs` and `toMs`. */
export interface BlockPlace {
  readonly table: string;
  readonly topic: string;
  readonly logId: string;
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a block that was begun before has left. Every method throws where ClickHouse is away or refuses. */
export interface ReadBack {
  /** Why the tokens of the block may no longer stand for it; undefined: they do. */
  doubt(place: BlockPlace): Promise<string | undefined>;
  /** An insert under a token that begins so is at work. */
  isRunning(tokenStart: string): Promise<boolean>;
  /** Offsets of the block's rows that are in the table. */
  offsetsIn(place: BlockPlace): Promise<ReadonlySet<number>>;
  /** Brings what the table's views feed up to the block's rows; how many keys were short. May be done again at any time. */
  mend(place: BlockPlace, token: string, beforeInsert: () => Promise<void>): Promise<number>;
}

/** ClickHouse, or a double of it in tests. */
export interface Store {
  readonly readBack: ReadBack;
  insert(insert: Insert): Promise<StoreOutcome>;
  /** Parses the bytes and stores nothing: `stored` means that they parse. */
  parse(sql: string, body: Buffer): Promise<StoreOutcome>;
  putReceipt(receipt: Receipt): Promise<StoreOutcome>;
  /** Last offset in the ledger by partition of a topic; partitions that have none are absent. */
  landedTo(logId: string, topic: string): Promise<ReadonlyMap<number, number>>;
}
