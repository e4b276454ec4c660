// The official server SDK for Node, against the HTTP API.
import assert from 'node:assert/strict';
import http from 'node:http';
import PusherServer from 'pusher';
import { serverSdk } from '../support/pusher_client.js';
import { demoApp, kKey, kSecret, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [demoApp(), namedApp('counting', { subscription_count: true }), namedApp('disabled', { enabled: false })];

/** Rejects with a RequestError of `status` whose body contains `words`. */
const refuses = (promise, status, words = '') =>
  assert.rejects(promise, (error) => {
    assert.equal(error.status, status, error.body);
    assert.ok(error.body.includes(words), error.body);
    return true;
  });

suite('pusher (Node server SDK) 5.3.4', { apps }, (test) => {
  const sdk = (t, app = t.app, more = {}) => serverSdk(t.server, app, more);

  test('REF 9.3 trigger: one channel, several, with info', async (t) => {
    const app = t.appNamed('counting');
    const client = await t.open(app);
    const [one, two] = [t.channel('orders-'), t.channel('presence-room-')];
    await client.subscribe(one);
    await client.next('pusher_internal:subscription_count');
    const plain = await sdk(t, app).trigger(one, 'news', { n: 1 });
    assert.equal(plain.status, 200);
    assert.deepEqual(await plain.json(), {});
    assert.equal((await client.next('news', one)).data, '{"n":1}');
    const informed = await sdk(t, app).trigger([one, two], 'news', 'text', { info: 'user_count,subscription_count' });
    assert.deepEqual(await informed.json(), {
      channels: { [one]: { subscription_count: 1 }, [two]: { user_count: 0, subscription_count: 0 } },
    });
    assert.equal((await client.next('news', one)).data, 'text');
  });

  test('REF 9.4 triggerBatch, plain and with info', async (t) => {
    const app = t.appNamed('counting');
    const client = await t.open(app);
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    await client.next('pusher_internal:subscription_count');
    const answer = await sdk(t, app).triggerBatch([
      { channel, name: 'a', data: { n: 1 } },
      { channel, name: 'b', data: '2' },
    ]);
    assert.deepEqual(await answer.json(), {});
    assert.equal((await client.next('a', channel)).data, '{"n":1}');
    assert.equal((await client.next('b', channel)).data, '2');
    const informed = await sdk(t, app).triggerBatch([
      { channel, name: 'a', data: '1', info: 'subscription_count' },
      { channel, name: 'b', data: '2' },
    ]);
    assert.deepEqual(await informed.json(), { batch: [{ subscription_count: 1 }, {}] });
  });

  test('REF 7 and 9.3 an encrypted trigger is relayed as it is', async (t) => {
    const client = await t.open();
    const channel = t.channel('private-encrypted-vault-');
    const auth = sdk(t).authorizeChannel(client.socketId, channel);
    assert.match(auth.shared_secret, /^[A-Za-z0-9+/]{43}=$/);
    await client.subscribe(channel, { auth: auth.auth });
    await sdk(t).trigger(channel, 'secret', { msg: 'hi' });
    const frame = await client.next('secret', channel);
    assert.deepEqual(Object.keys(JSON.parse(frame.data)).sort(), ['ciphertext', 'nonce']);
    assert.ok(!frame.data.includes('hi"'));
  });

  test('REF 3.4 and 3.6 authorizeChannel signs for private and presence', async (t) => {
    const client = await t.open();
    const [secret, room] = [t.channel('private-orders-'), t.channel('presence-room-')];
    await client.subscribe(secret, { auth: sdk(t).authorizeChannel(client.socketId, secret).auth });
    const { auth, channel_data: channelData } = sdk(t).authorizeChannel(client.socketId, room, {
      user_id: 10,
      user_info: { name: 'Mr. Pusher' },
    });
    const frame = await client.subscribe(room, { auth, channelData });
    assert.deepEqual(JSON.parse(frame.data).presence, { count: 1, ids: ['10'], hash: { 10: { name: 'Mr. Pusher' } } });
  });

  test('REF 6 authenticateUser, sendToUser, terminateUserConnections', async (t) => {
    const client = await t.open();
    const { auth, user_data: userData } = sdk(t).authenticateUser(client.socketId, { id: 'sdk-user', watchlist: [] });
    client.send('pusher:signin', { auth, user_data: userData });
    await client.next('pusher:signin_success');
    await client.subscribe('#server-to-user-sdk-user');
    await (await sdk(t).sendToUser('sdk-user', 'alert', 'hi')).text();
    await client.next('alert', '#server-to-user-sdk-user');
    const answer = await sdk(t).terminateUserConnections('sdk-user');
    assert.deepEqual([answer.status, await answer.json()], [200, {}]);
    await client.closedWith(4009);
    assert.equal((await sdk(t).terminateUserConnections('nobody')).status, 200);
    assert.equal((await sdk(t).sendToUser('nobody', 'alert', 'hi')).status, 200);
  });

  test('REF 9.5 get channels, a channel, its users', async (t) => {
    const app = t.appNamed('counting');
    const [one, two] = await Promise.all([t.open(app), t.open(app)]);
    const channel = t.channel('presence-sdk-');
    await one.join(channel, 'u1');
    await two.join(channel, 'u2');
    const get = async (path, params) => (await sdk(t, app).get({ path, params })).json();
    assert.deepEqual(await get('/channels', { filter_by_prefix: 'presence-sdk-', info: 'user_count' }), {
      channels: { [channel]: { user_count: 2 } },
    });
    assert.deepEqual(await get(`/channels/${channel}`, { info: 'user_count,subscription_count' }), {
      occupied: true,
      user_count: 2,
      subscription_count: 2,
    });
    assert.deepEqual((await get(`/channels/${channel}/users`)).users.map((user) => user.id).sort(), ['u1', 'u2']);
    assert.deepEqual(await get('/channels', { filter_by_prefix: 'no-such-' }), { channels: {} });
  });

  test('REF 9.1 one kept connection serves the SDK', async (t) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    t.onEnd(() => agent.destroy());
    let sockets = 0;
    agent.on('free', () => undefined);
    const create = agent.createConnection;
    agent.createConnection = function counted(...args) {
      sockets += 1;
      return create.apply(this, args);
    };
    const kept = sdk(t, t.app, { agent });
    for (let i = 0; i < 5; i += 1) await (await kept.trigger('orders', 'news', i)).text();
    assert.equal(sockets, 1);
  });

  test('REF 9.2 errors reach the caller as status and hosted text', async (t) => {
    const make = (more) => sdk(t, t.app, more);
    await refuses(
      make({ secret: 'wrong' }).trigger('orders', 'news', 1),
      401,
      'Invalid signature: you should have sent HmacSHA256Hex("',
    );
    await refuses(make({ key: 'nobody' }).trigger('orders', 'news', 1), 400, 'Unknown auth_key');
    await refuses(
      make().trigger('orders', 'news', 'd'.repeat(11 * 1024)),
      413,
      'The data content of this event exceeds the allowed maximum (10240 bytes)',
    );
    await refuses(
      make().triggerBatch([{ channel: 'orders', name: 'news', data: 'd'.repeat(11 * 1024) }]),
      413,
      'exceeds the allowed maximum',
    );
    await refuses(
      make().triggerBatch(Array.from({ length: 11 }, () => ({ channel: 'orders', name: 'news', data: '1' }))),
      400,
      'Batch too large',
    );
    await refuses(make().trigger('a'.repeat(165), 'news', 1), 400, 'Invalid channel name');
    await refuses(
      make().get({ path: '/channels/orders', params: { info: 'user_count' } }),
      400,
      'Cannot retrieve the user count unless the channel is a presence channel',
    );
    await refuses(
      make().get({ path: '/channels/presence-x/users', params: { info: 'user_count' } }),
      400,
      'extraneous: info',
    );
    await refuses(make().get({ path: '/nothing' }), 404);
    await refuses(sdk(t, t.appNamed('disabled')).trigger('orders', 'news', 1), 403);
    const answer = await make({ secret: kSecret, key: kKey }).trigger('orders', 'news', 1);
    assert.equal(answer.status, 200);
  });

  test('REF 14.3 forURL with a numeric app id', async (t) => {
    const made = PusherServer.forURL(`http://${kKey}:${kSecret}@${t.server.host}:${t.server.port}/apps/42`);
    assert.equal((await made.trigger('orders', 'news', 1)).status, 200);
  });
});
