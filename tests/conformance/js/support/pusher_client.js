// The official pusher-js in its supported lines, and the official server SDK, pointed at a server under test.
import Pusher8 from 'pusher-js';
import Pusher7 from 'pusher-js-7';
import PusherServer from 'pusher';
import nacl from 'tweetnacl';
import { credentials } from './server.js';

const kDeadlineMs = 10_000;

// pusher-js closes a socket that the server has closed already, and its WebSocket library then waits 30 s for an answer that
// cannot come. That wait must not keep a finished test file alive.
const setTimer = globalThis.setTimeout;
globalThis.setTimeout = (callback, delay, ...rest) => {
  const timer = setTimer(callback, delay, ...rest);
  if (delay === 30_000) timer.unref?.();
  return timer;
};

/** The client libraries that every scenario runs with. */
export const kClients = [
  { version: '8.6.0', Pusher: Pusher8 },
  { version: '7.6.0', Pusher: Pusher7 },
];

export const kMasterKey = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

/** The `pusher` package for `app`: it publishes, and it signs for clients. */
export function serverSdk(server, app, overrides = {}) {
  return new PusherServer({
    ...credentials(app),
    host: server.host,
    port: String(server.port),
    useTLS: false,
    encryptionMasterKeyBase64: kMasterKey,
    ...overrides,
  });
}

/** Remembers what a dispatcher of pusher-js emits, so that nothing is missed between two waits. */
export class Recorder {
  constructor(dispatcher) {
    this.events = [];
    this.waiting = [];
    dispatcher.bind_global((name, data) => {
      this.events.push({ name, data });
      this.waiting = this.waiting.filter((attempt) => !attempt());
    });
  }

  /** The data of the first unread event called `name`, now or within the deadline. */
  next(name, deadlineMs = kDeadlineMs) {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        const at = this.events.findIndex((event) => event.name === name);
        if (at < 0) return false;
        clearTimeout(timer);
        resolve(this.events.splice(at, 1)[0].data);
        return true;
      };
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((other) => other !== attempt);
        reject(
          new Error(
            `no ${name} within ${deadlineMs} ms; seen: ${this.events.map((event) => event.name).join(', ') || 'nothing'}`,
          ),
        );
      }, deadlineMs);
      if (!attempt()) this.waiting.push(attempt);
    });
  }

  has(name) {
    return this.events.some((event) => event.name === name);
  }
}

/** Options that a developer would write to move an application from the hosted service to `server`. */
export function clientOptions(server, sdk, { user, member, options = {} } = {}) {
  const answer = (callback, make) => {
    try {
      callback(null, make());
    } catch (error) {
      callback(error, null);
    }
  };
  return {
    cluster: 'mt1',
    wsHost: server.host,
    wsPort: server.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    nacl,
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, callback) =>
        answer(callback, () =>
          sdk.authorizeChannel(socketId, channelName, channelName.startsWith('presence-') ? member : undefined),
        ),
    },
    userAuthentication: {
      customHandler: ({ socketId }, callback) => answer(callback, () => sdk.authenticateUser(socketId, user)),
    },
    ...options,
  };
}

/** A pusher-js client of a test; disconnected when the test ends. */
export class Client {
  constructor(t, Pusher, { app = t.app, server = t.server, sdk = serverSdk(server, app), ...identity } = {}) {
    this.sdk = sdk;
    this.pusher = new Pusher(app.keys[0].key, clientOptions(server, this.sdk, identity));
    this.connection = new Recorder(this.pusher.connection);
    this.user = new Recorder(this.pusher.user);
    this.watchlist = new Recorder(this.pusher.user.watchlist);
    t.onEnd(() => this.pusher.disconnect());
  }

  static async connect(t, Pusher, options = {}) {
    const client = new Client(t, Pusher, options);
    await client.connection.next('connected');
    return client;
  }

  get socketId() {
    return this.pusher.connection.socket_id;
  }

  /** Subscribes; returns the channel with a recorder of its events. */
  listen(name) {
    const channel = this.pusher.subscribe(name);
    return { channel, events: new Recorder(channel) };
  }

  /** Subscribes and waits for the confirmation. */
  async subscribe(name) {
    const subscription = this.listen(name);
    subscription.confirmed = await subscription.events.next('pusher:subscription_succeeded');
    return subscription;
  }
}
