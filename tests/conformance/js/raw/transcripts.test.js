// REF 18.1, 18.2 and 18.4 played line by line, and REF 0.4's strings signed for a live socket_id.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { request } from '../support/api.js';
import { demoApp, kKey, kSecret, startServer } from '../support/server.js';
import { suite } from '../support/suite.js';

const hmac = (text) => createHmac('sha256', kSecret).update(text).digest('hex');

suite('REF 18 transcripts', {}, (test) => {
  test('REF 18.1 presence, cache and client event, protocol 7', async (t) => {
    const api = t.api();
    const other = await t.open();
    await other.join('presence-room', 'u9');
    const client = await t.open();
    const id = client.socketId;
    client.sendText('{"event":"pusher:subscribe","data":{"auth":"","channel":"cache-price"}}');
    assert.deepEqual(await client.next('pusher_internal:subscription_succeeded'), {
      event: 'pusher_internal:subscription_succeeded',
      data: '{}',
      channel: 'cache-price',
    });
    assert.deepEqual(await client.next('pusher:cache_miss'), {
      event: 'pusher:cache_miss',
      data: '{}',
      channel: 'cache-price',
    });
    const channelData = '{"user_id":"u7","user_info":{"name":"Zoë"}}';
    client.send('pusher:subscribe', {
      auth: `${kKey}:${hmac(`${id}:presence-room:${channelData}`)}`,
      channel_data: channelData,
      channel: 'presence-room',
    });
    const joined = await client.next('pusher_internal:subscription_succeeded', 'presence-room');
    const { presence } = JSON.parse(joined.data);
    assert.equal(presence.count, 2);
    assert.deepEqual([...presence.ids].sort(), ['u7', 'u9']);
    assert.deepEqual(presence.hash.u7, { name: 'Zoë' });
    assert.ok('u9' in presence.hash);
    const added = await other.next('pusher_internal:member_added', 'presence-room');
    assert.deepEqual(JSON.parse(added.data), { user_id: 'u7', user_info: { name: 'Zoë' } });
    client.sendText('{"event":"client-typing","data":{"on":true},"channel":"presence-room"}');
    assert.deepEqual(await other.next('client-typing'), {
      event: 'client-typing',
      channel: 'presence-room',
      data: '{"on":true}',
      user_id: 'u7',
    });
    client.sendText('{"event":"pusher:subscribe","data":{"auth":"","channel":"cache-price"}}');
    assert.deepEqual(await client.next('pusher:error'), {
      event: 'pusher:error',
      data: { code: null, message: 'Existing subscription to channel cache-price' },
    });
    await api.published('cache-price', 'tick', '{"p":9}');
    assert.deepEqual(await client.next('tick'), { event: 'tick', channel: 'cache-price', data: '{"p":9}' });
    client.sendText('{"event":"pusher:unsubscribe","data":{"channel":"cache-price"}}');
    client.sendText('{"event":"pusher:ping","data":{}}');
    assert.deepEqual(await client.next('pusher:pong'), { event: 'pusher:pong', data: '{}' });
  });

  test('REF 18.1 the deploy: 4200 "Please reconnect immediately", exit status 0', async (t) => {
    const server = await startServer({ server: { drain_seconds: 1 } });
    const { RawClient } = await import('../support/raw_client.js');
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.open(server, demoApp())));
    const end = server.stop();
    for (const client of clients) await client.closedWith(4200, 'Please reconnect immediately');
    assert.deepEqual(await end, { code: 0, signal: null });
    await server.close();
  });

  test('REF 18.2 signin and server-to-user', async (t) => {
    const client = await t.open();
    const userData = '{"id":"u7","watchlist":["u8"]}';
    client.send('pusher:signin', {
      auth: `${kKey}:${hmac(`${client.socketId}::user::${userData}`)}`,
      user_data: userData,
    });
    const success = await client.next('pusher:signin_success');
    assert.equal(success.data, JSON.stringify({ user_data: userData }));
    const watched = await client.next('pusher_internal:watchlist_events');
    assert.deepEqual(JSON.parse(watched.data), { events: [{ name: 'offline', user_ids: ['u8'] }] });
    client.sendText('{"event":"pusher:subscribe","data":{"auth":"","channel":"#server-to-user-u7"}}');
    assert.deepEqual(await client.next('pusher_internal:subscription_succeeded'), {
      event: 'pusher_internal:subscription_succeeded',
      data: '{}',
      channel: '#server-to-user-u7',
    });
    const answer = await t
      .api()
      .post('/events', '{"name":"alert","channels":["#server-to-user-u7"],"data":"\\"hi\\""}');
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    assert.deepEqual(await client.next('alert'), { event: 'alert', channel: '#server-to-user-u7', data: '"hi"' });
    assert.equal((await t.api().post('/users/u7/terminate_connections', '{}')).text, '{}');
    await client.closedWith(4009);
  });

  test('REF 18.4 a publish, and the same with a wrong signature', async (t) => {
    const body = '{"name":"order.created","channel":"orders","data":"{\\"n\\":1}"}';
    const query = `auth_key=${kKey}&auth_timestamp=${Math.floor(Date.now() / 1000)}&auth_version=1.0&body_md5=442f1b83fa81e3d866608c7cbc73ed28`;
    const signature = hmac(`POST\n/apps/42/events\n${query}`);
    const headers = { 'Content-Type': 'application/json' };
    const right = await request(t.server, {
      method: 'POST',
      target: `/apps/42/events?${query}&auth_signature=${signature}`,
      headers,
      body,
    });
    assert.deepEqual([right.status, right.text, right.headers['content-length']], [200, '{}', '2']);
    const wrong = await request(t.server, {
      method: 'POST',
      target: `/apps/42/events?${query}&auth_signature=00`,
      headers,
      body,
    });
    assert.equal(wrong.status, 401);
    assert.match(wrong.headers['content-type'], /^text\/plain/);
    assert.ok(
      wrong.text.startsWith(
        'Invalid signature: you should have sent ' +
          `HmacSHA256Hex("POST\\n/apps/42/events\\n${query}", your_secret_key), but you sent "00"`,
      ),
      wrong.text,
    );
  });

  test('REF 0.4 and 16.6 each string of the vectors, for a live socket_id', async (t) => {
    const client = await t.open();
    const id = client.socketId;
    const subscribe = async (channel, text, more = {}) => {
      client.send('pusher:subscribe', { channel, auth: `${kKey}:${hmac(text)}`, ...more });
      await client.next('pusher_internal:subscription_succeeded', channel);
    };
    await subscribe('private-orders', `${id}:private-orders`);
    client.send('pusher:unsubscribe', { channel: 'private-orders' });
    await subscribe('private-orders', `${id}:private-orders:`, { channel_data: '' });
    await subscribe('private-encrypted-vault', `${id}:private-encrypted-vault`);
    const member = '{"user_id":"v7","user_info":{"name":"Zoë"}}';
    await subscribe('presence-vectors', `${id}:presence-vectors:${member}`, { channel_data: member });
    await subscribe('presence-foobar', `${id}:presence-foobar:{"user_id":10,"user_info":{"name":"Mr. Pusher"}}`, {
      channel_data: '{"user_id":10,"user_info":{"name":"Mr. Pusher"}}',
    });
    await client.signin('{"id":"12345"}');
  });

  test('REF 0.4 the HTTP strings, with a timestamp of now', async (t) => {
    const now = Math.floor(Date.now() / 1000);
    for (const [path, query] of [
      [
        '/apps/42/channels',
        `auth_key=${kKey}&auth_timestamp=${now}&auth_version=1.0&filter_by_prefix=presence-&info=user_count`,
      ],
      [
        '/apps/42/channels/presence-nobody/users',
        `auth_key=${kKey}&auth_timestamp=${now}&auth_version=1.0&body_md5=d41d8cd98f00b204e9800998ecf8427e`,
      ],
    ]) {
      const target = `${path}?${query}&auth_signature=${hmac(`GET\n${path}\n${query}`)}`;
      const answer = await request(t.server, { method: 'GET', target });
      assert.equal(answer.status, 200, answer.text);
    }
  });
});
