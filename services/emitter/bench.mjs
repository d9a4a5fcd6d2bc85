// What one event of about 600 bytes costs at the call: record, fingerprint, encode, buffer. CPU time of the whole process (collector included), so that a
// busy machine does not count. Run after a build: node services/emitter/bench.mjs
import { createEmitter } from '@watchkeeper/emitter';

const ROUNDS = 41;
const EVENTS = 5_000;
const transport = { send: () => Promise.resolve() };
const base = { transport, tenantId: 'acme', agentId: 'travel-agent', agentVersion: '1.4.2', bufferEvents: 10 * EVENTS };

const result = (n) =>
  `Found ${n} flights. The cheapest is AZ ${300 + n} at 129.50 EUR, leaving CDG 09:30 from terminal 2F and reaching FCO at 11:35; ` +
  `two more leave after noon for ${140 + n} EUR. Seats are held for 20 minutes; baggage is not included.`;
const step = (n) => ({
  name: 'search_flights',
  input: { from: 'Paris', to: 'Rome', date: '2024-05-01', adults: 2, page: n % 7, sort: 'price', currency: 'EUR' },
  output: result(n % 50),
  durationMs: 412.5,
  status: 'OK',
  attributes: { region: 'eu-west' },
});

for (const contentLevel of ['NONE', 'HASHED', 'REDACTED', 'FULL']) {
  const emitter = createEmitter({ ...base, contentLevel, redact: (text) => text.replaceAll('Paris', '[city]') });
  const session = emitter.session({ goal: 'Find the cheapest way from Paris to Rome' });
  const micros = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let n = 0; n < EVENTS; n++) session.tool(step(n));
    const { user, system } = process.cpuUsage(before);
    micros.push((user + system) / EVENTS);
    await emitter.flush();
  }
  micros.sort((a, b) => a - b);
  const { recorded, sent } = emitter.stats();
  if (sent !== recorded) throw new Error(`${recorded} recorded, ${sent} sent`);
  const median = micros[ROUNDS >> 1];
  process.stdout.write(
    `${contentLevel.padEnd(8)} ${median.toFixed(1)} µs of CPU per event (best ${micros[0].toFixed(1)}, worst ${micros.at(-1).toFixed(1)}); ${Math.round(1e6 / median)} events/s\n`,
  );
  await emitter.close();
}

let bytes = 0;
const sizer = createEmitter({
  ...base,
  transport: { send: (records) => ((bytes = records.at(-1).value.length), Promise.resolve()) },
});
sizer.session({ resumed: true }).tool(step(1));
await sizer.close();
process.stdout.write(`an event has ${bytes} bytes\n`);
