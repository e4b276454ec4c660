// REF 5: what connections may say to each other.
import assert from 'node:assert/strict';
import { demoApp, namedApp } from '../support/server.js';
import { channelAuth } from '../support/sign.js';
import { suite } from '../support/suite.js';

const apps = [
  demoApp(),
  namedApp('off', { client_events: false }),
  namedApp('objects', { client_event_objects: true }),
  namedApp('slow', { limits: { client_events_per_second: 2 } }),
  namedApp('strict', { limits: { event_data_bytes: 100 } }),
];

/** Two subscribers of one channel of `kind`. */
async function pair(t, kind, app = t.app) {
  const [one, two] = await Promise.all([t.open(app), t.open(app)]);
  const channel = t.channel(kind);
  const presence = kind.startsWith('presence-');
  await one.subscribe(channel, presence ? { channelData: '{"user_id":"u7"}' } : {});
  await two.subscribe(channel, presence ? { channelData: '{"user_id":"u9"}' } : {});
  if (presence) await one.next('pusher_internal:member_added');
  return { one, two, channel };
}

suite('REF 5 client events', { apps }, (test) => {
  test("REF 5 presence: string data and the sender's user_id, to the others only (16.10)", async (t) => {
    const { one, two, channel } = await pair(t, 'presence-room-');
    one.send('client-typing', { on: true }, channel);
    assert.deepEqual(await two.next('client-typing', channel), {
      event: 'client-typing',
      channel,
      data: '{"on":true}',
      user_id: 'u7',
    });
    await t.api().published(channel, 'after', '1');
    await one.next('after', channel);
  });

  test('REF 5 private: no user_id', async (t) => {
    const { one, two, channel } = await pair(t, 'private-orders-');
    one.send('client-typing', { on: true }, channel);
    assert.deepEqual(await two.next('client-typing', channel), {
      event: 'client-typing',
      channel,
      data: '{"on":true}',
    });
  });

  test("REF 5 a member by signin: the user_id is the user's", async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await two.join(channel, 'w');
    await one.signin({ id: 'signed-in' });
    await one.subscribe(channel, { auth: channelAuth(one.credentials, one.socketId, channel) });
    await two.next('pusher_internal:member_added');
    one.send('client-typing', {}, channel);
    assert.equal((await two.next('client-typing')).user_id, 'signed-in');
  });

  test('REF 5 the user_id of a numeric member is a string', async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await two.join(channel, 'w');
    await one.join(channel, 10);
    await two.next('pusher_internal:member_added');
    one.send('client-typing', {}, channel);
    assert.equal((await two.next('client-typing')).user_id, '10');
  });

  test('REF 5 a string passes through untouched; any other value is compact JSON in a string', async (t) => {
    const { one, two, channel } = await pair(t, 'private-orders-');
    const cases = [
      ['"{\\"on\\":true}"', '{"on":true}'],
      ['"plain \\u00e9 \\ud83d\\ude00"', 'plain é 😀'],
      ['""', ''],
      ['{ "a" : [ 1 , 2.50, 1e3 ],\n"b":null }', /^\{"a":\[1,2\.50?,(1e3|1000(\.0)?)\],"b":null\}$/],
      ['7', '7'],
      ['true', 'true'],
      ['[]', '[]'],
      ['{"é":"\\u0001"}', '{"é":"\\u0001"}'],
    ];
    for (const [sent, received] of cases) {
      one.sendText(`{"event":"client-x","channel":"${channel}","data":${sent}}`);
      const { data } = await two.next('client-x', channel);
      if (received instanceof RegExp) assert.match(data, received);
      else assert.equal(data, received, sent);
    }
  });

  test('REF 5 what a client forges is dropped: user_id, socket_id and unknown keys', async (t) => {
    const { one, two, channel } = await pair(t, 'presence-room-');
    one.sendText(
      JSON.stringify({ event: 'client-x', channel, data: '1', user_id: 'admin', socket_id: '1.1', zebra: 1 }),
    );
    assert.deepEqual(await two.next('client-x'), { event: 'client-x', channel, data: '1', user_id: 'u7' });
  });

  test("REF 5 the same user's other connection gets it", async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await one.join(channel, 'u7');
    await two.join(channel, 'u7');
    one.send('client-x', {}, channel);
    await two.next('client-x', channel);
  });

  for (const kind of ['private-cache-', 'presence-cache-']) {
    test(`REF 5 allowed on ${kind}*`, async (t) => {
      const [one, two] = await Promise.all([t.open(), t.open()]);
      const channel = t.channel(kind);
      const options = { channelData: '{"user_id":"u7"}' };
      for (const client of [one, two]) {
        await client.subscribe(channel, options);
        await client.next('pusher:cache_miss');
      }
      one.send('client-x', {}, channel);
      await two.next('client-x', channel);
    });
  }

  test('REF 5.1 and 16.10 not client-: unsupported', async (t) => {
    const { one, channel } = await pair(t, 'private-orders-');
    for (const event of ['typing', 'clienttyping', 'Client-typing']) {
      one.send(event, {}, channel);
      await one.nextError(`Unsupported event received on socket: ${event}`);
    }
    await one.quiet();
  });

  test('REF 5.2 and 16.10 without channel or data: malformed', async (t) => {
    const { one, channel } = await pair(t, 'private-orders-');
    for (const frame of [
      { event: 'client-x', data: {} },
      { event: 'client-x', channel },
      { event: 'client-x', channel: 5, data: {} },
    ]) {
      one.sendText(JSON.stringify(frame));
      await one.nextError('Invalid client event (must contain channel and data)');
    }
    await one.quiet();
  });

  test('REF 5.3 and 16.10 app without client events: the hosted text', async (t) => {
    const { one, two, channel } = await pair(t, 'private-orders-', t.appNamed('off'));
    one.send('client-x', {}, channel);
    await one.nextError('To send client events, you must enable this feature in the Settings page of your dashboard.');
    await one.quiet();
    await two.quiet();
  });

  for (const kind of ['orders-', 'cache-price-', 'private-encrypted-vault-', 'private-encrypted-cache-vault-']) {
    test(`REF 5.4 and 16.10 rejected on ${kind}*`, async (t) => {
      const [one, two] = await Promise.all([t.open(), t.open()]);
      const channel = t.channel(kind);
      for (const client of [one, two]) {
        await client.subscribe(channel);
        if (kind.includes('cache-')) await client.next('pusher:cache_miss');
      }
      one.send('client-x', {}, channel);
      await one.nextError();
      await t.api().published(channel, 'after', '1');
      await two.next('after', channel);
    });
  }

  test('REF 5 rejected on #server-to-user-<id>', async (t) => {
    const client = await t.open();
    await client.signin({ id: 'cev-user' });
    client.send('client-x', {}, '#server-to-user-cev-user');
    await client.nextError();
    await client.quiet();
  });

  test('REF 5.5 and 16.10 not subscribed: named in the error', async (t) => {
    const { two, channel } = await pair(t, 'private-orders-');
    const stranger = await t.open();
    stranger.send('client-x', {}, channel);
    await stranger.nextError(`Cannot broadcast client event (connection not subscribed to channel ${channel})`);
    await two.quiet();
  });

  test('REF 5.6 and 16.10 the event name: 200 characters pass, 201 do not', async (t) => {
    const { one, two, channel } = await pair(t, 'private-orders-');
    one.send(`client-${'n'.repeat(193)}`, {}, channel);
    await two.next(`client-${'n'.repeat(193)}`, channel);
    one.send(`client-${'n'.repeat(194)}`, {}, channel);
    await one.nextError();
    await one.quiet();
  });

  test('REF 5.6 and 16.10 the data: 10 240 bytes pass, 10 241 do not', async (t) => {
    const { one, two, channel } = await pair(t, 'private-orders-');
    one.send('client-x', 'd'.repeat(10_240), channel);
    assert.equal((await two.next('client-x')).data.length, 10_240);
    one.send('client-x', 'd'.repeat(10_241), channel);
    await one.nextError();
    await one.quiet();
  });

  test("issue 5 an app's own limit of data holds for client events too", async (t) => {
    const { one, two, channel } = await pair(t, 'private-orders-', t.appNamed('strict'));
    one.send('client-x', 'd'.repeat(100), channel);
    await two.next('client-x');
    one.send('client-x', 'd'.repeat(101), channel);
    await one.nextError();
  });

  test('REF 5.7 and 16.10 the 11th in a second: 4301 as an event, dropped, connection alive', async (t) => {
    const { one, two, channel } = await pair(t, 'private-orders-');
    for (let i = 0; i < 30; i += 1) one.send('client-x', String(i), channel);
    const refusal = await one.nextError('Client event rejected due to rate limit', 4301);
    assert.equal(refusal.code, 4301);
    let refused = 1;
    one.send('pusher:ping', {});
    for (;;) {
      const frame = JSON.parse(await one.nextText());
      if (frame.event === 'pusher:pong') break;
      assert.equal(frame.data.code, 4301);
      refused += 1;
    }
    // Ten at once, and what the bucket gained while the others were on their way.
    assert.ok(refused >= 10 && refused <= 20, `${refused} of 30 refused`);
    await t.api().published(channel, 'after', '1');
    for (let i = 0; i < 30 - refused; i += 1) await two.next('client-x', channel);
    await two.next('after', channel);
  });

  test('issue 5 an app may set another rate', async (t) => {
    const { one, channel } = await pair(t, 'private-orders-', t.appNamed('slow'));
    for (let i = 0; i < 4; i += 1) one.send('client-x', String(i), channel);
    await one.nextError(undefined, 4301);
  });

  test('issue 5 client_event_objects: objects are delivered as objects', async (t) => {
    const { one, two, channel } = await pair(t, 'private-orders-', t.appNamed('objects'));
    one.send('client-x', { on: true }, channel);
    assert.deepEqual((await two.next('client-x')).data, { on: true });
    one.send('client-x', 'text', channel);
    assert.equal((await two.next('client-x')).data, 'text');
  });

  test("REF 5 one sender's events arrive in order", async (t) => {
    const { one, two, channel } = await pair(t, 'private-orders-');
    for (let i = 0; i < 10; i += 1) one.send('client-x', String(i), channel);
    for (let i = 0; i < 10; i += 1) assert.equal((await two.next('client-x')).data, String(i));
  });
});
