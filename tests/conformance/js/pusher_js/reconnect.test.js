// Unmodified pusher-js over a restart of the server: it comes back, with a new socket_id and all its channels.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client, kClients, serverSdk } from '../support/pusher_client.js';
import { demoApp, startServer } from '../support/server.js';

describe('pusher-js over a restart', { concurrency: 2 }, () => {
  for (const { version, Pusher } of kClients) {
    it(`REF 1.7 and 3.10 pusher-js ${version}: 4200, then reconnected and subscribed again`, { timeout: 30_000 }, async () => {
      const app = demoApp();
      const server = await startServer({ apps: [app] });
      const cleanups = [];
      const t = { app, server, onEnd: (cleanup) => cleanups.push(cleanup) };
      try {
        const client = await Client.connect(t, Pusher, { member: { user_id: 'u1' }, user: { id: 'u1' } });
        client.pusher.signin();
        const subscriptions = [];
        for (const name of ['orders', 'private-orders', 'presence-room', 'private-encrypted-vault', 'cache-price']) {
          subscriptions.push([name, await client.subscribe(name)]);
        }
        await client.pusher.user.signinDonePromise;
        const before = client.socketId;
        await server.restart();
        await client.connection.next('connected', 20_000);
        assert.notEqual(client.socketId, before);
        for (const [, { events }] of subscriptions) await events.next('pusher:subscription_succeeded');
        for (const [name, { events }] of subscriptions) {
          await serverSdk(server, app).trigger(name, 'back', { ok: true });
          assert.deepEqual(await events.next('back'), { ok: true });
        }
        await client.pusher.user.signinDonePromise;
        assert.equal(client.pusher.user.user_data.id, 'u1');
      } finally {
        for (const cleanup of cleanups) cleanup();
        await server.close();
      }
    });
  }
});
