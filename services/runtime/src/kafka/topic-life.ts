// The id that Kafka gives a topic when it is made (KIP-516): another after it was deleted and made anew. kafkajs ends before the version that tells it.

import { createRequire } from 'node:module';
import type { Broker } from './cluster.js';

const require = createRequire(import.meta.url);

/** What of kafkajs' codec is used (2.2.4; the version is pinned). */
interface Encoder {
  writeBoolean(value: boolean): this;
  writeUVarInt(value: number): this;
  writeUVarIntString(value: string): this;
  writeBuffer(value: Buffer): this;
}

interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readBytes(length: number): Buffer;
  readUVarInt(): number;
  readUVarIntString(): string | null;
  readUVarIntArray<T>(read: (decoder: Decoder) => T): T[];
  readTaggedFields(): unknown;
}

const NewEncoder = require('kafkajs/src/protocol/encoder') as new () => Encoder;
const NewDecoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;

const METADATA = 3;
const VERSION = 10;
const NO_TAGS = 0;
const ID_BYTES = 16;

/** Hexadecimal; undefined where the broker is too old to have one (before Kafka 2.8), or the topic is not there. */
export async function topicId(broker: Broker, topic: string): Promise<string | undefined> {
  if ((broker.versions[METADATA]?.maxVersion ?? 0) < VERSION) return undefined;
  const { id } = await broker.connectionPool.send<{ id: string | undefined }>({
    request: {
      apiKey: METADATA,
      apiVersion: VERSION,
      apiName: 'Metadata',
      encode: () => Promise.resolve(request(topic)),
    },
    response: {
      // An object in any case: kafkajs looks into it for how long to hold back.
      decode: (raw) => Promise.resolve({ id: idIn(new NewDecoder(raw)) }),
      parse: (decoded) => Promise.resolve(decoded),
    },
  });
  return id;
}

function request(topic: string): Encoder {
  return (
    new NewEncoder()
      // The end of the request's header: versions from 9 on carry tagged fields there, and kafkajs writes the older header.
      .writeUVarInt(NO_TAGS)
      .writeUVarInt(1 + 1)
      .writeBuffer(Buffer.alloc(ID_BYTES))
      .writeUVarIntString(topic)
      .writeUVarInt(NO_TAGS)
      .writeBoolean(false) // allow_auto_topic_creation
      .writeBoolean(false) // include_cluster_authorized_operations
      .writeBoolean(false) // include_topic_authorized_operations
      .writeUVarInt(NO_TAGS)
  );
}

function idIn(answer: Decoder): string | undefined {
  answer.readTaggedFields();
  answer.readInt32(); // throttle_time_ms
  answer.readUVarIntArray((broker) => {
    broker.readInt32();
    broker.readUVarIntString();
    broker.readInt32();
    broker.readUVarIntString();
    broker.readTaggedFields();
  });
  answer.readUVarIntString(); // cluster_id
  answer.readInt32(); // controller_id
  if (answer.readUVarInt() !== 1 + 1) return undefined;
  const errorCode = answer.readInt16();
  answer.readUVarIntString();
  const id = answer.readBytes(ID_BYTES);
  return errorCode === 0 && id.some((byte) => byte !== 0) ? id.toString('hex') : undefined;
}
