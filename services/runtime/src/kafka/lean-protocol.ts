// Puts our own reading of fetches and writing of records under kafkajs 2.2.4. The version is pinned: both places were read in its source.

import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import type { LogRecord } from '../contract.js';
import { readFetchResponse } from './fetch-response.js';
import { writeProduceRequest, type ProduceRequest } from './produce-request.js';

const require = createRequire(import.meta.url);

interface ApiRequest {
  readonly encode: () => Promise<unknown>;
}

interface ApiCall {
  readonly request: ApiRequest;
  readonly response: { readonly decode: (bytes: Buffer) => Promise<unknown> };
}

/** An API's versions: what makes its calls. */
interface Api<Options> {
  protocol: (of: { version: number }) => (options: Options) => ApiCall;
}

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

interface OldMessage {
  readonly offset: string;
  readonly timestamp?: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** Record batches came with Kafka 0.11, and transactions with them. */
const FIRST_FETCH_VERSION = 4;
const FIRST_PRODUCE_VERSION = 3;

/** The longest header: API, version, correlation, client id, and the length before them. */
const HEADER_ROOM = 512;

const NO_HEADERS = Object.freeze({});

/**
 * From now on in this process kafkajs hands on {@link FetchedBatch}es where it handed on messages, which batch.ts takes apart, and sends records
 * that it has not encoded. Everything else, the group, retries, sequence numbers, transactions, stays its own.
 */
export function useLeanProtocol(): void {
  const { requests } = require('kafkajs/src/protocol/requests') as {
    requests: { Fetch: Api<object>; Produce: Api<ProduceRequest> };
  };
  replaceCalls(requests.Fetch, FIRST_FETCH_VERSION, (call, version) => ({
    ...call,
    response: {
      ...call.response,
      decode: (bytes) => readFetchResponse(bytes, { version, decompress, readOldMessages }),
    },
  }));
  writeBodiesInPlace((require('kafkajs/src/protocol/encoder') as { prototype: Encoder }).prototype);
  replaceCalls(requests.Produce, FIRST_PRODUCE_VERSION, (call, _version, options) => ({
    ...call,
    request: {
      ...call.request,
      encode: () => writeProduceRequest(options, compress, HEADER_ROOM).then((bytes) => new Body(bytes, HEADER_ROOM)),
    },
  }));
}

/** As kafkajs puts a request together: what stands before it is written, then it. */
interface Encoder {
  buf: Buffer;
  offset: number;
  writeEncoder(value: { readonly buf: Buffer }): this;
}

/** Bytes that take the place of an Encoder, with room before them: the header goes there instead of both being copied somewhere else, twice. */
class Body {
  /** kafkajs takes for an Encoder what has a buffer of this name. */
  readonly buf: Buffer;
  readonly #whole: Buffer;
  readonly #start: number;

  constructor(whole: Buffer, start: number) {
    this.#whole = whole;
    this.#start = start;
    this.buf = whole.subarray(start);
  }

  get buffer(): Buffer {
    return this.buf;
  }

  /** The body with what `encoder` holds before it; undefined where there is no room. */
  behind({ buf, offset }: Encoder): Body | undefined {
    const start = this.#start - offset;
    if (start < 0) return undefined;
    buf.copy(this.#whole, start, 0, offset);
    return new Body(this.#whole, start);
  }
}

/** The body that an encoder holds as it is, and nothing behind it. */
const bodies = new WeakMap<object, Body>();

function writeBodiesInPlace(prototype: Encoder): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its `this` below
  const { writeEncoder } = prototype;
  prototype.writeEncoder = function (this: Encoder, value) {
    const body = value instanceof Body ? value : bodies.get(value);
    // Whatever is written behind a body moves it to another buffer.
    const whole = body && body.buf === value.buf ? body.behind(this) : undefined;
    if (!whole) return writeEncoder.call(this, value);
    this.buf = whole.buf;
    this.offset = whole.buf.length;
    bodies.set(this, whole);
    return this;
  };
}

function replaceCalls<Options>(
  api: Api<Options>,
  firstVersion: number,
  replace: (call: ApiCall, version: number, options: Options) => ApiCall,
): void {
  const { protocol } = api;
  api.protocol = ({ version }) => {
    if (version < firstVersion)
      throw new kafkajs.KafkaJSNonRetriableError('The broker is older than Kafka 0.11, which brought record batches');
    const callOf = protocol({ version });
    return (options) => replace(callOf(options), version, options);
  };
}

function codecOf(type: number): Codec {
  const { lookupCodec } = require('kafkajs/src/protocol/message/compression') as {
    lookupCodec: (type: number) => Codec | null;
  };
  const codec = lookupCodec(type);
  if (!codec) throw new kafkajs.KafkaJSNonRetriableError(`Kafka has no compression of number ${type}`);
  return codec;
}

function compress(type: number, bytes: Buffer): Promise<Buffer> {
  return codecOf(type).compress({ buffer: bytes });
}

function decompress(type: number, bytes: Buffer): Promise<Buffer> {
  return codecOf(type).decompress(bytes);
}

async function readOldMessages(bytes: Buffer): Promise<LogRecord[]> {
  const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
  const decode = require('kafkajs/src/protocol/messageSet/decoder') as (
    decoder: object,
    size: number,
  ) => Promise<OldMessage[]>;
  const messages = await decode(new Decoder(bytes), bytes.length);
  return messages.map(({ offset, timestamp, key, value }) => ({
    offset: Number(offset),
    timestampMs: Number(timestamp ?? 0),
    key,
    value,
    headers: NO_HEADERS,
  }));
}
