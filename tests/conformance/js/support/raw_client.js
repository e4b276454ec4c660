// A WebSocket without an SDK: what the server sends is read frame by frame, in order.
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import { channelAuth, userAuth } from './sign.js';
import { credentials } from './server.js';

const kDeadlineMs = 10_000;

export class RawClient {
  /** Begins to connect; frames are collected from the first on. */
  constructor(server, { path, key, protocol = 7, query = {}, subprotocols = [], ...options } = {}) {
    const parameters = new URLSearchParams({
      ...(protocol === null ? {} : { protocol }),
      client: 'js',
      version: '8.6.0',
      flash: 'false',
      ...query,
    });
    const target = path ?? `/app/${key}`;
    this.frames = [];
    this.pings = [];
    this.pongs = [];
    this.waiting = [];
    this.socket = new WebSocket(`ws://${server.host}:${server.port}${target}?${parameters}`, subprotocols, {
      perMessageDeflate: false,
      ...options,
    });
    this.socket.on('message', (bytes) => {
      this.frames.push(bytes.toString('utf8'));
      this.#wake();
    });
    this.socket.on('ping', (bytes) => {
      this.pings.push(bytes.toString('utf8'));
      this.#wake();
    });
    this.socket.on('pong', (bytes) => {
      this.pongs.push(bytes.toString('utf8'));
      this.#wake();
    });
    this.socket.on('close', (code, reason) => {
      this.end = { code, reason: reason.toString('utf8') };
      this.#wake();
    });
    this.socket.on('error', (error) => {
      this.error = error;
    });
  }

  /** A connection that is open in the protocol's sense; knows its socket_id. */
  static async open(server, app, options = {}) {
    const client = new RawClient(server, { key: app.keys[0].key, ...options });
    client.credentials = credentials(app);
    client.established = await client.next('pusher:connection_established');
    client.socketId = JSON.parse(client.established.data).socket_id;
    return client;
  }

  #wake() {
    this.waiting = this.waiting.filter((attempt) => !attempt());
  }

  /** Resolves with the first truthy value of `probe`, tried on every thing that happens. */
  until(probe, what, deadlineMs = kDeadlineMs) {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        const found = probe();
        if (found) {
          clearTimeout(timer);
          resolve(found);
        }
        return Boolean(found);
      };
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((other) => other !== attempt);
        const state = this.end ? `closed with ${this.end.code} ${this.end.reason}` : 'open';
        reject(
          new Error(`no ${what} within ${deadlineMs} ms; ${state}; unread: ${this.frames.join(' ') || 'nothing'}`),
        );
      }, deadlineMs);
      if (!attempt()) this.waiting.push(attempt);
    });
  }

  /** The next frame as text. */
  async nextText(what = 'frame', deadlineMs = kDeadlineMs) {
    const [text] = await this.until(
      () => (this.frames.length > 0 ? [this.frames.shift()] : undefined),
      what,
      deadlineMs,
    );
    return text;
  }

  /** The next frame must be `event` (on `channel`, when given); anything else is a failure. */
  async next(event, channel, deadlineMs = kDeadlineMs) {
    const text = await this.nextText(event, deadlineMs);
    const frame = JSON.parse(text);
    assert.equal(frame.event, event, `expected ${event}, got ${text}`);
    if (channel !== undefined) assert.equal(frame.channel, channel, text);
    return frame;
  }

  /** The next frame must be a pusher:error with an object as data (REF 1.6); returns the data. */
  async nextError(message, code = null) {
    const frame = await this.next('pusher:error');
    assert.equal(typeof frame.data, 'object', 'data of pusher:error is an object');
    assert.ok('code' in frame.data, 'a non-fatal error has the key code');
    assert.equal(frame.data.code, code);
    assert.equal('channel' in frame, false, 'pusher:error carries no channel');
    if (message instanceof RegExp) assert.match(frame.data.message, message);
    else if (message !== undefined) assert.equal(frame.data.message, message);
    return frame.data;
  }

  send(event, data, channel) {
    this.socket.send(
      JSON.stringify({ event, ...(data === undefined ? {} : { data }), ...(channel ? { channel } : {}) }),
    );
  }

  sendText(text) {
    this.socket.send(text);
  }

  /** Proves that the connection is alive and that nothing is unread: a ping is answered by the very next frame. */
  async quiet() {
    this.send('pusher:ping', {});
    await this.next('pusher:pong');
  }

  async closed(deadlineMs = kDeadlineMs) {
    return this.until(() => this.end, 'close', deadlineMs);
  }

  /** Waits for the close frame and checks its code. */
  async closedWith(code, reason, deadlineMs = kDeadlineMs) {
    const end = await this.closed(deadlineMs);
    assert.equal(end.code, code, `closed with ${end.code} "${end.reason}"`);
    if (reason instanceof RegExp) assert.match(end.reason, reason);
    else if (reason !== undefined) assert.equal(end.reason, reason);
    return end;
  }

  close() {
    this.socket.terminate();
  }

  /** Leaves in order and waits until the server has said so. */
  async leave() {
    this.socket.close(1000);
    await this.closed();
  }

  /** Sends a subscribe, signed when the channel needs it. `channelData` is sent and signed as it is. */
  requestSubscribe(channel, { channelData, auth } = {}) {
    const needsAuth = channel.startsWith('private-') || channel.startsWith('presence-');
    const signature = auth ?? (needsAuth ? channelAuth(this.credentials, this.socketId, channel, channelData) : '');
    this.send('pusher:subscribe', {
      auth: signature,
      channel,
      ...(channelData === undefined ? {} : { channel_data: channelData }),
    });
    return signature;
  }

  /** Subscribes and returns the subscription_succeeded frame. */
  async subscribe(channel, options = {}) {
    this.requestSubscribe(channel, options);
    return this.next('pusher_internal:subscription_succeeded', channel);
  }

  /** Joins a presence channel; returns the roster. */
  async join(channel, userId, userInfo) {
    const member = { user_id: userId, ...(userInfo === undefined ? {} : { user_info: userInfo }) };
    const frame = await this.subscribe(channel, { channelData: JSON.stringify(member) });
    return JSON.parse(frame.data).presence;
  }

  requestSignin(user) {
    const userData = typeof user === 'string' ? user : JSON.stringify(user);
    this.send('pusher:signin', { auth: userAuth(this.credentials, this.socketId, userData), user_data: userData });
    return userData;
  }

  async signin(user) {
    const userData = this.requestSignin(user);
    const frame = await this.next('pusher:signin_success');
    assert.equal(typeof frame.data, 'string');
    assert.equal(JSON.parse(frame.data).user_data, userData, 'user_data is echoed as received');
    return frame;
  }
}
