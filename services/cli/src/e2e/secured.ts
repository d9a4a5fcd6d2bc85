// Backends that ask who is there: a broker with TLS, login and ACLs, and ClickHouse behind TLS. For tests.

import { createPrivateKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureKafka, freePort, stopLocalBackends } from '@watchkeeper/local';
import { readAcls } from '@watchkeeper/runtime';
import { generate } from 'selfsigned';

export interface Secured {
  readonly dir: string;
  /** Everybody may do everything here. */
  readonly plainBrokers: string;
  /** SASL_SSL. */
  readonly brokers: string;
  /** The authority of both certificates, PEM. */
  readonly caFile: string;
  /** The authority of neither. */
  readonly otherCaFile: string;
  /** User to password; those of infra/kafka/acls.yaml. */
  readonly users: Readonly<Record<string, string>>;
  /** https, in front of `clickhouseUrl`. */
  readonly clickhouseUrl: string;
  close(): Promise<void>;
}

/** Starts them; `clickhouseUrl` is the plain one. */
export async function securedBackends(clickhouseUrl: string): Promise<Secured> {
  const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-secured-'));
  const file = (name: string, text: string): string => {
    const path = join(dir, name);
    writeFileSync(path, text);
    return path;
  };
  const { key, certificate } = await certificateFor('127.0.0.1');
  const users = Object.fromEntries(
    [...new Set(readAcls().map(({ user }) => user))].map((user) => [user, randomBytes(12).toString('hex')]),
  );
  const port = await freePort();
  const keystoreFile = file('broker.pem', `${key}\n${certificate}`);
  const kafka = await ensureKafka({ dataDir: dir, secure: { port, keystoreFile, users } });
  const proxy = createServer({ key, cert: certificate }, (incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? '/', clickhouseUrl), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    dir,
    plainBrokers: kafka.brokers,
    brokers: `127.0.0.1:${port}`,
    caFile: file('ca.pem', certificate),
    otherCaFile: file('other-ca.pem', (await certificateFor('127.0.0.1')).certificate),
    users,
    clickhouseUrl: `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async close() {
      proxy.close();
      proxy.closeAllConnections();
      await stopLocalBackends({ dataDir: dir });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function certificateFor(address: string): Promise<{ key: string; certificate: string }> {
  const pems = await generate([{ name: 'commonName', value: 'watchkeeper test' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: address }] },
    ],
  });
  // Kafka reads PKCS #8 alone.
  const key = createPrivateKey(pems.private).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, certificate: pems.cert };
}
