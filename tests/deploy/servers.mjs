// Two S3 servers of different make on loopback, and a proxy before them that injects faults and counts requests.
//
// moto knows conditional writes and checks no signature. nanio checks every signature and ignores conditions.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A signature that moto takes for one: it compares none. */
export const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=none',
};

export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test-access-key', AWS_SECRET_ACCESS_KEY: 'test-secret-key-of-the-tests' };

/** Starts moto. Returns `{ port, stop, makeBucket }`. */
export async function startMoto(bin) {
  const port = await freePort();
  const stop = start(join(bin, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {});
  await answers(port);
  const makeBucket = async (bucket) => {
    const answer = await send({ port, method: 'PUT', path: `/${bucket}`, headers: SIGNED });
    if (answer.status !== 200) throw new Error(`moto makes no bucket: ${answer.status}`);
  };
  return { name: 'moto', port, stop, makeBucket };
}

/** Starts nanio, whose buckets are folders in `data`. */
export async function startNanio(bin, data) {
  const port = await freePort();
  mkdirSync(data, { recursive: true });
  const keys = { NANIO_ACCESS_KEY: CREDENTIALS.AWS_ACCESS_KEY_ID, NANIO_SECRET_KEY: CREDENTIALS.AWS_SECRET_ACCESS_KEY };
  const options = ['serve', '--data-dir', data, '--host', '127.0.0.1', '--port', String(port), '--no-access-log'];
  const stop = start(join(bin, 'nanio'), options, keys);
  await answers(port);
  return { name: 'nanio', port, stop, makeBucket: async (bucket) => mkdirSync(join(data, bucket)) };
}

function start(program, options, environment) {
  const child = spawn(program, options, { env: { ...process.env, ...environment }, stdio: 'ignore' });
  return () => child.kill('SIGKILL');
}

async function freePort() {
  const server = createSocket();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port) {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await send({ port, path: '/' }).catch(() => null);
    if (answer) return;
    await pause(100);
  }
  throw new Error(`no server answers on port ${port}`);
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One request; resolves to `{ status, headers, body }`. */
export function send({ port, method = 'GET', path, headers = {}, body = null }) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/**
 * A proxy. `log` holds `{ method, path, status }` of each request. `fault(request, number)` may return `cut`, `cut-answer`,
 * `busy`, `slow`, `damage`, `{ pause }` in milliseconds, or an answer `{ status, body }` of its own.
 */
export async function startProxy() {
  const proxy = { log: [], fault: () => null, port: 0, upstream: 0 };
  const server = createServer((incoming, answer) => {
    const parts = [];
    incoming.on('error', () => {});
    incoming.on('data', (part) => parts.push(part));
    incoming.on('end', () => pass(proxy, incoming, answer, Buffer.concat(parts)).catch(() => incoming.socket.destroy()));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.port = server.address().port;
  proxy.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return proxy;
}

async function pass(proxy, incoming, answer, body) {
  const entry = { method: incoming.method, path: decodeURIComponent(incoming.url), status: 0 };
  proxy.log.push(entry);
  const fault = proxy.fault(entry, proxy.log.length);
  if (fault?.status) return reply(answer, entry, fault.status, {}, fault.body);
  if (fault === 'busy') return reply(answer, entry, 503, {}, error('SlowDown'));
  if (fault === 'cut') return incoming.socket.destroy();
  if (fault === 'slow') await pause(400);
  if (fault?.pause) await pause(fault.pause);
  if (fault === 'damage' && body.length > 0) body = Buffer.concat([body.subarray(0, body.length - 1), Buffer.from('~')]);
  // S3 compares the body with its signed digest. The servers here do not, so the proxy does it for them.
  const digest = incoming.headers['x-amz-content-sha256'];
  if (/^[0-9a-f]{64}$/.test(digest ?? '') && createHash('sha256').update(body).digest('hex') !== digest) {
    return reply(answer, entry, 400, {}, error('XAmzContentSHA256Mismatch'));
  }
  const { port, upstream } = { port: proxy.upstream, upstream: incoming };
  const real = await send({ port, method: upstream.method, path: upstream.url, headers: upstream.headers, body });
  // The store has done its work, and the client does not hear of it.
  if (fault === 'cut-answer') return incoming.socket.destroy();
  return reply(answer, entry, real.status, real.headers, real.body);
}

export const error = (code) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>injected</Message></Error>`;

function reply(answer, entry, status, headers, body) {
  entry.status = status;
  answer.writeHead(status, headers);
  answer.end(entry.method === 'HEAD' ? undefined : body);
}
