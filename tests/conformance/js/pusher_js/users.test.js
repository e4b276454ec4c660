// Unmodified pusher-js: signin, server-to-user events, termination, watchlists.
import assert from 'node:assert/strict';
import { Client, kClients, serverSdk } from '../support/pusher_client.js';
import { demoApp, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [demoApp(), namedApp('again', { terminate_close_code: 4200 })];
let users = 0;
const newUser = () => {
  users += 1;
  return `user-${users}`;
};

for (const { version, Pusher } of kClients) {
  suite(`pusher-js ${version}: users`, { apps }, (test) => {
    const sdk = (t, app = t.app) => serverSdk(t.server, app);

    /** A signed-in client whose server-to-user channel stands. */
    async function signedIn(t, user, options = {}) {
      const client = await Client.connect(t, Pusher, { user, ...options });
      client.pusher.signin();
      await client.pusher.user.signinDonePromise;
      assert.equal(client.pusher.user.user_data.id, user.id);
      const deadline = Date.now() + 10_000;
      while (!client.pusher.user.serverToUserChannel?.subscribed) {
        assert.ok(Date.now() < deadline, 'the server-to-user channel is confirmed');
        await new Promise((resolve) => {
          client.pusher.connection.bind('message', resolve);
          setTimeout(resolve, 20);
        });
      }
      return client;
    }

    test('REF 6.5 server-to-user events reach every tab of the user, and nobody else', async (t) => {
      const id = newUser();
      const tabs = await Promise.all([signedIn(t, { id }), signedIn(t, { id }), signedIn(t, { id })]);
      const stranger = await signedIn(t, { id: newUser() });
      await sdk(t).sendToUser(id, 'alert', { text: 'hi' });
      for (const tab of tabs) assert.deepEqual(await tab.user.next('alert'), { text: 'hi' });
      await sdk(t).sendToUser(stranger.pusher.user.user_data.id, 'other', 1);
      await stranger.user.next('other');
      assert.equal(stranger.user.has('alert'), false);
    });

    test('REF 3.6 presence by signin: the SDK signs without channel_data, the member is the user', async (t) => {
      const id = newUser();
      const client = await Client.connect(t, Pusher, {
        user: { id, user_info: { name: 'Zoë' } },
        options: {
          channelAuthorization: {
            customHandler: ({ socketId, channelName }, callback) => {
              callback(null, {
                auth: sdk(t).config.token.key + ':' + sdk(t).config.token.sign(`${socketId}:${channelName}`),
              });
            },
          },
        },
      });
      client.pusher.signin();
      const { channel } = await client.subscribe(t.channel('presence-room-'));
      assert.deepEqual(channel.members.me, { id, info: { name: 'Zoë' } });
    });

    test('REF 6.6 terminateUserConnections closes all tabs with 4009 and they stay away', async (t) => {
      const id = newUser();
      const tabs = await Promise.all([signedIn(t, { id }), signedIn(t, { id })]);
      const stranger = await signedIn(t, { id: newUser() });
      await sdk(t).terminateUserConnections(id);
      for (const tab of tabs) {
        await tab.connection.next('disconnected');
        assert.equal(tab.pusher.connection.state, 'disconnected');
      }
      assert.equal(stranger.pusher.connection.state, 'connected');
    });

    test('REF 6.6 with terminate_close_code 4200 the client comes back and signs in again', async (t) => {
      const app = t.appNamed('again');
      const id = newUser();
      const client = await signedIn(t, { id }, { app });
      const before = client.socketId;
      await sdk(t, app).terminateUserConnections(id);
      await client.connection.next('connected');
      assert.notEqual(client.socketId, before);
      await client.pusher.user.signinDonePromise;
      assert.equal(client.pusher.user.user_data.id, id);
    });

    test('REF 6.7 watchlist: online and offline', async (t) => {
      const [id, friend, absent] = [newUser(), newUser(), newUser()];
      const watcher = await signedIn(t, { id, watchlist: [friend, absent] });
      const initial = await watcher.watchlist.next('offline');
      assert.deepEqual([...initial.user_ids].sort(), [friend, absent].sort());
      const other = await signedIn(t, { id: friend });
      assert.deepEqual((await watcher.watchlist.next('online')).user_ids, [friend]);
      other.pusher.disconnect();
      assert.deepEqual((await watcher.watchlist.next('offline')).user_ids, [friend]);
    });

    test('REF 6.2 a wrong signin signature: an error on the connection, which stays', async (t) => {
      const client = await Client.connect(t, Pusher, {
        options: {
          userAuthentication: {
            customHandler: (_, callback) =>
              callback(null, { auth: `demo-key-0001:${'0'.repeat(64)}`, user_data: '{"id":"u7"}' }),
          },
        },
      });
      client.pusher.signin();
      assert.match(JSON.stringify(await client.connection.next('error')), /Invalid signature/);
      await client.subscribe(t.channel('orders-'));
    });
  });
}
