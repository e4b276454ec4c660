// Unmodified pusher-js over a deploy: the server it is on stops, and it comes back on the next one with all its channels.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client, kClients, serverSdk } from '../support/pusher_client.js';
import { Relay } from '../support/relay.js';
import { demoApp, startServer } from '../support/server.js';

const kChannels = ['orders', 'private-orders', 'presence-room', 'private-encrypted-vault', 'cache-price'];

describe('pusher-js over a deploy', { concurrency: 2 }, () => {
  for (const { version, Pusher } of kClients) {
    it(
      `REF 1.7 and 3.10 pusher-js ${version}: 4200, then connected and subscribed again`,
      { timeout: 40_000 },
      async () => {
        const app = demoApp();
        const [before, after] = await Promise.all([startServer({ apps: [app] }), startServer({ apps: [app] })]);
        const relay = await Relay.open(before);
        const cleanups = [];
        const t = { app, server: relay, onEnd: (cleanup) => cleanups.push(cleanup) };
        try {
          const client = await Client.connect(t, Pusher, { member: { user_id: 'u1' }, user: { id: 'u1' } });
          client.pusher.signin();
          await client.pusher.user.signinDonePromise;
          const subscriptions = [];
          for (const name of kChannels) subscriptions.push([name, (await client.subscribe(name)).events]);
          const socketId = client.socketId;
          const closed = new Promise((resolve) => {
            client.pusher.connection.bind('connecting', resolve);
          });
          relay.turnTo(after);
          const end = before.stop();
          await closed;
          await client.connection.next('connected');
          assert.notEqual(client.socketId, socketId);
          for (const [, events] of subscriptions) await events.next('pusher:subscription_succeeded');
          for (const [name, events] of subscriptions) {
            await serverSdk(after, app).trigger(name, 'back', { ok: true });
            assert.deepEqual(await events.next('back'), { ok: true });
          }
          await client.pusher.user.signinDonePromise;
          await serverSdk(after, app).sendToUser('u1', 'alert', 1);
          assert.equal(await client.user.next('alert'), 1);
          assert.deepEqual(await end, { code: 0, signal: null });
        } finally {
          for (const cleanup of cleanups) cleanup();
          relay.close();
          await Promise.all([before.close(), after.close()]);
        }
      },
    );
  }
});
