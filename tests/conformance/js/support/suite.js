// The frame of a test file: one server for all its tests, clients closed after each of them.
import { after, before, describe, it } from 'node:test';
import { Api } from './api.js';
import { RawClient } from './raw_client.js';
import { credentials, demoApp, startServer } from './server.js';

const kTestDeadlineMs = 40_000;
const kFreeDeadlineMs = 10_000;

/** What one test works with; closes whatever the test has opened. */
class Context {
  constructor(suite) {
    this.suite = suite;
    this.cleanups = [];
  }

  get server() {
    return this.suite.server;
  }

  get app() {
    return this.suite.apps[0];
  }

  appNamed(name) {
    return this.suite.apps.find((app) => app.name === name);
  }

  api(app = this.app) {
    return new Api(this.server, credentials(app));
  }

  onEnd(cleanup) {
    this.cleanups.push(cleanup);
  }

  /** An established connection of `app`. */
  async open(app = this.app, options = {}) {
    const client = await RawClient.open(this.server, app, options);
    this.onEnd(() => client.close());
    return client;
  }

  /** Connects as soon as a place given back has become free: the server may learn of a close after the client does. */
  async openWhenFree(app = this.app) {
    const deadline = Date.now() + kFreeDeadlineMs;
    for (;;) {
      const client = this.attempt({ key: app.keys[0].key });
      const end = await client.until(() => client.end ?? client.frames[0], 'an answer');
      if (typeof end === 'string') return client;
      if (Date.now() > deadline) throw new Error(`still refused with ${end.code} ${end.reason}`);
    }
  }

  /** A connection attempt that may be refused. */
  attempt(options) {
    const client = new RawClient(this.server, options);
    this.onEnd(() => client.close());
    return client;
  }

  /** A channel name that no other test uses. */
  channel(prefix) {
    this.suite.serial += 1;
    return `${prefix}${this.suite.serial}`;
  }

  async end() {
    for (const cleanup of this.cleanups.reverse()) await cleanup();
  }
}

/**
 * Describes a group of tests over one server. Tests run side by side, so each uses channels of its own.
 * `define(test)` registers tests: test('REF … does …', async (t) => …).
 */
export function suite(title, { apps = [demoApp()], server = {}, args = [], concurrency = 8 } = {}, define) {
  const shared = { apps, serial: 0 };
  describe(title, { concurrency }, () => {
    before(async () => {
      shared.server = await startServer({ apps, server, args });
    });
    after(async () => {
      await shared.server?.close();
    });
    define((name, body, options = {}) => {
      it(name, { timeout: kTestDeadlineMs, ...options }, async () => {
        const context = new Context(shared);
        try {
          await body(context);
        } finally {
          await context.end();
        }
      });
    });
  });
}
