// Avro containers as landing sends them, for tests: each row an Avro block of its own.
const sync = Buffer.alloc(16, 0x77);

/** `n` rows of {kafka_offset: long, body: string, offset_again: long} from an offset on. */
export function avroRows(from: number, n: number, options: { wrongAt?: number; padding?: number } = {}): Buffer {
  const schema = JSON.stringify({
    type: 'record',
    name: 'Row',
    fields: [
      { name: 'kafka_offset', type: 'long' },
      { name: 'body', type: 'string' },
      { name: 'offset_again', type: 'long' },
    ],
  });
  const parts = [Buffer.from('Obj\x01'), long(1), text('avro.schema'), text(schema), long(0), sync];
  for (let offset = from; offset < from + n; offset += 1) {
    const again = offset === options.wrongAt ? offset + 1 : offset;
    const body = Buffer.concat([long(offset), text(`row ${offset} ${'x'.repeat(options.padding ?? 0)}`), long(again)]);
    parts.push(long(1), long(body.length), body, sync);
  }
  return Buffer.concat(parts);
}

/** Zigzag and base 128 (Avro specification, binary encoding); for numbers that are not negative. */
function long(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value) << 1n;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(bytes);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([long(bytes.length), bytes]);
}
