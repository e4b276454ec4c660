// Unmodified pusher-js on every channel kind.
import assert from 'node:assert/strict';
import { Client, kClients, serverSdk } from '../support/pusher_client.js';
import { demoApp, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [demoApp(), namedApp('counting', { subscription_count: true })];

for (const { version, Pusher } of kClients) {
  suite(`pusher-js ${version}: channels`, { apps }, (test) => {
    const sdk = (t, app = t.app) => serverSdk(t.server, app);

    test('REF 1.5 connects and knows its socket_id', async (t) => {
      const client = await Client.connect(t, Pusher);
      assert.match(client.socketId, /^\d+\.\d+$/);
      assert.equal(client.pusher.connection.state, 'connected');
    });

    test('REF 1.1 wsPath: a path prefix', async (t) => {
      await Client.connect(t, Pusher, { options: { wsPath: '/behind/a/proxy' } });
    });

    test('REF 1.7 unknown key: 4001, and the client gives up', async (t) => {
      const stranger = namedApp('stranger');
      const client = new Client(t, Pusher, { app: stranger });
      const error = await client.connection.next('error');
      assert.equal(error.error?.data?.code ?? error.data?.code, 4001);
      await client.connection.next('disconnected');
      assert.equal(client.pusher.connection.state, 'disconnected');
    });

    for (const kind of ['orders-', 'private-orders-', 'presence-room-']) {
      test(`REF 3 ${kind}*: subscribe, receive JSON and text, unsubscribe, subscribe again`, async (t) => {
        const client = await Client.connect(t, Pusher, { member: { user_id: 'u1' } });
        const name = t.channel(kind);
        const { events } = await client.subscribe(name);
        await sdk(t).trigger(name, 'news', { n: [1, 'é'] });
        assert.deepEqual(await events.next('news'), { n: [1, 'é'] });
        await sdk(t).trigger(name, 'news', 'plain text');
        assert.equal(await events.next('news'), 'plain text');
        client.pusher.unsubscribe(name);
        const again = await client.subscribe(name);
        await sdk(t).trigger(name, 'more', 1);
        assert.equal(await again.events.next('more'), 1);
        assert.equal(events.has('more'), false);
      });
    }

    for (const kind of ['cache-price-', 'private-cache-price-', 'presence-cache-room-']) {
      test(`REF 3.9 ${kind}*: pusher:cache_miss, then the cached event`, async (t) => {
        const identity = { member: { user_id: 'u1' } };
        const [one, two] = await Promise.all([
          Client.connect(t, Pusher, identity),
          Client.connect(t, Pusher, identity),
        ]);
        const name = t.channel(kind);
        const first = await one.subscribe(name);
        await first.events.next('pusher:cache_miss');
        await sdk(t).trigger(name, 'price', { p: 9 });
        assert.deepEqual(await first.events.next('price'), { p: 9 });
        const second = await two.subscribe(name);
        assert.deepEqual(await second.events.next('price'), { p: 9 });
        assert.equal(second.events.has('pusher:cache_miss'), false);
      });
    }

    for (const kind of ['private-encrypted-vault-', 'private-encrypted-cache-vault-']) {
      test(`REF 7 ${kind}*: what the SDK encrypts, the client decrypts`, async (t) => {
        const client = await Client.connect(t, Pusher);
        const name = t.channel(kind);
        const { events } = await client.subscribe(name);
        if (kind.includes('cache')) await events.next('pusher:cache_miss');
        await sdk(t).trigger(name, 'secret', { msg: 'hi é' });
        assert.deepEqual(await events.next('secret'), { msg: 'hi é' });
        if (kind.includes('cache')) {
          const late = await (await Client.connect(t, Pusher)).subscribe(name);
          assert.deepEqual(await late.events.next('secret'), { msg: 'hi é' });
        }
      });
    }

    test('REF 1.8 a wrong signature: an error on the connection, code null; the connection stays', async (t) => {
      const client = await Client.connect(t, Pusher, {
        options: {
          channelAuthorization: {
            customHandler: (_, callback) => callback(null, { auth: `demo-key-0001:${'0'.repeat(64)}` }),
          },
        },
      });
      client.listen(t.channel('private-orders-'));
      const error = await client.connection.next('error');
      assert.equal(error.data?.code ?? error.error?.data?.code ?? null, null);
      assert.match(JSON.stringify(error), /Invalid signature: Expected HMAC SHA256 hex digest of /);
      assert.equal(client.pusher.connection.state, 'connected');
      await client.subscribe(t.channel('orders-'));
    });

    test('REF 4 presence: members, me, member_added, member_removed', async (t) => {
      const name = t.channel('presence-room-');
      const one = await Client.connect(t, Pusher, { member: { user_id: 'u7', user_info: { name: 'Zoë' } } });
      const { channel, events, confirmed } = await one.subscribe(name);
      assert.equal(confirmed.count, 1);
      assert.deepEqual(channel.members.me, { id: 'u7', info: { name: 'Zoë' } });
      const two = await Client.connect(t, Pusher, { member: { user_id: 9 } });
      const joined = await two.subscribe(name);
      assert.equal(joined.confirmed.count, 2);
      assert.equal(String(joined.channel.members.me.id), '9');
      assert.equal((await events.next('pusher:member_added')).id, '9');
      assert.equal(channel.members.count, 2);
      const tab = await Client.connect(t, Pusher, { member: { user_id: 9 } });
      await tab.subscribe(name);
      two.pusher.disconnect();
      await sdk(t).trigger(name, 'still', 1);
      await events.next('still');
      assert.equal(events.has('pusher:member_removed'), false);
      assert.equal(channel.members.count, 2);
      tab.pusher.unsubscribe(name);
      assert.equal((await events.next('pusher:member_removed')).id, '9');
      assert.equal(channel.members.count, 1);
    });

    test('REF 5 client events: to the others, with the user_id on presence channels', async (t) => {
      const name = t.channel('presence-room-');
      const one = await Client.connect(t, Pusher, { member: { user_id: 'u7' } });
      const two = await Client.connect(t, Pusher, { member: { user_id: 'u9' } });
      const mine = await one.subscribe(name);
      const theirs = await two.subscribe(name);
      const metadata = new Promise((resolve) => {
        theirs.channel.bind('client-typing', (_, meta) => resolve(meta));
      });
      assert.equal(mine.channel.trigger('client-typing', { on: true }), true);
      assert.deepEqual(await theirs.events.next('client-typing'), { on: true });
      assert.equal((await metadata).user_id, 'u7');
      await sdk(t).trigger(name, 'after', 1);
      await mine.events.next('after');
      assert.equal(mine.events.has('client-typing'), false);
    });

    test('REF 5.7 too many client events: 4301 on the connection, which stays', async (t) => {
      const client = await Client.connect(t, Pusher);
      const { channel } = await client.subscribe(t.channel('private-orders-'));
      for (let i = 0; i < 30; i += 1) channel.trigger('client-x', i);
      const error = await client.connection.next('error');
      assert.equal(error.data?.code ?? error.error?.data?.code, 4301);
      assert.equal(client.pusher.connection.state, 'connected');
    });

    test('REF 4.4 subscription_count', async (t) => {
      const app = t.appNamed('counting');
      const [one, two] = await Promise.all([Client.connect(t, Pusher, { app }), Client.connect(t, Pusher, { app })]);
      const name = t.channel('orders-');
      const { channel, events } = await one.subscribe(name);
      assert.equal((await events.next('pusher:subscription_count')).subscription_count, 1);
      await two.subscribe(name);
      assert.equal((await events.next('pusher:subscription_count')).subscription_count, 2);
      assert.equal(channel.subscriptionCount, 2);
    });

    test('REF 9.7 socket_id keeps the sender out', async (t) => {
      const [one, two] = await Promise.all([Client.connect(t, Pusher), Client.connect(t, Pusher)]);
      const name = t.channel('orders-');
      const mine = await one.subscribe(name);
      const theirs = await two.subscribe(name);
      await sdk(t).trigger(name, 'news', 1, { socket_id: one.socketId });
      await sdk(t).trigger(name, 'after', 2);
      await theirs.events.next('news');
      await mine.events.next('after');
      assert.equal(mine.events.has('news'), false);
    });

    test('REF 2.2 the client pings on its own and is answered', async (t) => {
      const client = await Client.connect(t, Pusher, { options: { activityTimeout: 300, pongTimeout: 2_000 } });
      let pongs = 0;
      await new Promise((resolve) => {
        client.pusher.connection.bind('message', (message) => {
          if (message.event === 'pusher:pong') {
            pongs += 1;
            if (pongs === 2) resolve();
          }
        });
      });
      assert.equal(client.pusher.connection.state, 'connected');
    });
  });
}
