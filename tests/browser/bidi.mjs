// A browser that is driven by WebDriver BiDi: starts it, sends commands, and passes on what it reports.
//
// The protocol is JSON over a WebSocket, of which Node 20 has no client: this one sends and reads text messages.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 60_000;
const TEXT = 1;
const CLOSE = 8;

export class BidiBrowser {
  #next = 1;
  #waiting = new Map();
  #listeners = [];

  /** Starts `program` with settings for its profile. */
  static async start(program, settings) {
    const browser = new BidiBrowser();
    browser.profile = await mkdtemp(join(tmpdir(), 'opsbook-firefox-'));
    const lines = Object.entries(settings).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
    await writeFile(join(browser.profile, 'user.js'), lines.join(''));
    browser.child = spawn(program, ['--headless', '--no-remote', '--profile', browser.profile, '--remote-debugging-port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      browser.socket = await WebSocketClient.open(await address(browser.child), (text) => browser.#read(JSON.parse(text)));
      await browser.send('session.new', { capabilities: {} });
    } catch (error) {
      await browser.close();
      throw error;
    }
    return browser;
  }

  /** Sends a command and returns its result. */
  send(method, params) {
    const id = this.#next++;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, method }));
  }

  /** Calls `listener` with each event of a type. */
  async listen(type, listener) {
    this.#listeners.push([type, listener]);
    await this.send('session.subscribe', { events: [type] });
  }

  #read(message) {
    if (message.type === 'event') {
      for (const [type, listener] of this.#listeners) if (type === message.method) listener(message.params);
      return;
    }
    const { resolve, reject, method } = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'success') resolve(message.result);
    else reject(new Error(`${method}: ${message.error}: ${message.message}`));
  }

  async close() {
    this.socket?.close();
    const ended = new Promise((done) => this.child.on('exit', done));
    if (this.child.exitCode === null && this.child.kill()) await ended;
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The address that the browser prints when it listens. */
function address(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`the browser does not listen: ${said}`)), START_MS);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the browser ended with ${code}: ${said}`)));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said);
      if (!found) return;
      clearTimeout(late);
      resolve(`${found[1]}/session`);
    });
  });
}

class WebSocketClient {
  #rest = Buffer.alloc(0);
  #message = [];

  static async open(url, read) {
    const { hostname, port, pathname, host } = new URL(url);
    const client = new WebSocketClient();
    client.socket = connect(Number(port), hostname);
    const key = randomBytes(16).toString('base64');
    client.socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`);
    await new Promise((resolve, reject) => {
      client.socket.once('error', reject);
      client.socket.on('data', (bytes) => {
        client.#rest = Buffer.concat([client.#rest, bytes]);
        if (!client.isOpen) {
          const end = client.#rest.indexOf('\r\n\r\n');
          if (end < 0) return;
          const head = client.#rest.subarray(0, end).toString();
          if (!head.startsWith('HTTP/1.1 101')) return reject(new Error(head));
          client.#rest = client.#rest.subarray(end + 4);
          client.isOpen = true;
          resolve();
        }
        client.#frames(read);
      });
    });
    return client;
  }

  /** Reads the frames that are whole. */
  #frames(read) {
    while (this.#rest.length >= 2) {
      const [first, second] = this.#rest;
      const short = second & 127;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (this.#rest.length < start) return;
      const length = short === 126 ? this.#rest.readUInt16BE(2) : short === 127 ? Number(this.#rest.readBigUInt64BE(2)) : short;
      if (this.#rest.length < start + length) return;
      const content = this.#rest.subarray(start, start + length);
      this.#rest = this.#rest.subarray(start + length);
      const kind = first & 15;
      if (kind > 2) continue;
      this.#message.push(content);
      if ((first & 128) === 0) continue;
      const text = Buffer.concat(this.#message).toString('utf8');
      this.#message = [];
      read(text);
    }
  }

  send(text) {
    this.#frame(TEXT, Buffer.from(text));
  }

  close() {
    this.#frame(CLOSE, Buffer.alloc(0));
    this.socket.end();
  }

  /** Frames of clients are masked. */
  #frame(kind, content) {
    const mask = randomBytes(4);
    const masked = Buffer.from(content.map((byte, at) => byte ^ mask[at % 4]));
    const head = Buffer.alloc(content.length < 126 ? 2 : content.length < 65_536 ? 4 : 10);
    head[0] = 128 | kind;
    if (head.length === 2) head[1] = 128 | content.length;
    if (head.length === 4) {
      head[1] = 128 | 126;
      head.writeUInt16BE(content.length, 2);
    }
    if (head.length === 10) {
      head[1] = 128 | 127;
      head.writeBigUInt64BE(BigInt(content.length), 2);
    }
    this.socket.write(Buffer.concat([head, mask, masked]));
  }
}
