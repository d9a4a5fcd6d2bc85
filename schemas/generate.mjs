// Writes src/generated/types.ts from avro/*.avsc. `npm run generate`; a test fails when the file is stale.
import { readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./avro/', import.meta.url));
const target = fileURLToPath(new URL('./src/generated/types.ts', import.meta.url));

/** The TypeScript text for every schema in avro/, one declaration per named type. */
export function generateTypes() {
  const named = new Map();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.avsc'))
    .sort()) {
    declare(JSON.parse(readFileSync(folder + file, 'utf8')), named);
  }
  return `// Generated from avro/*.avsc by generate.mjs; do not edit.\n\n${[...named.values()].join('\n')}`;
}

function declare(schema, named) {
  const text =
    schema.type === 'record'
      ? recordText(schema, named)
      : `export type ${schema.name} = ${schema.symbols.map((s) => `'${s}'`).join(' | ')};\n`;
  named.set(schema.name, text);
}

function recordText(schema, named) {
  const lines = schema.fields.map((field) => {
    const doc = field.doc ? `  /** ${field.doc} */\n` : '';
    return `${doc}  ${field.name}: ${typeText(field.type, named)};\n`;
  });
  return `/** ${schema.doc} */\nexport interface ${schema.name} {\n${lines.join('')}}\n`;
}

function typeText(type, named) {
  if (Array.isArray(type)) return type.map((branch) => typeText(branch, named)).join(' | ');
  if (typeof type === 'string') {
    return (
      {
        string: 'string',
        bytes: 'Buffer',
        boolean: 'boolean',
        null: 'null',
        int: 'number',
        long: 'number',
        float: 'number',
        double: 'number',
      }[type] ?? (named.has(type) ? type : 'Buffer')
    );
  }
  switch (type.type) {
    case 'enum':
    case 'record':
      declare(type, named);
      return type.name;
    case 'fixed':
      return 'Buffer';
    case 'array':
      return `${typeText(type.items, named)}[]`;
    case 'map':
      return `Record<string, ${typeText(type.values, named)}>`;
    default:
      return typeText(type.type, named);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(fileURLToPath(new URL('./src/generated/', import.meta.url)), { recursive: true });
  writeFileSync(target, generateTypes());
}
