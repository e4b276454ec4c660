// REF 3.1 to 3.5, 3.8 and 3.10: every channel kind, its signature, and what subscribing wrongly answers.
import assert from 'node:assert/strict';
import { demoApp, kKey, kSecret, namedApp } from '../support/server.js';
import { channelAuth } from '../support/sign.js';
import { suite } from '../support/suite.js';

const apps = [
  demoApp({
    keys: [
      { key: kKey, secret: kSecret },
      { key: 'second-key', secret: 'second-secret' },
      { key: 'dead-key', secret: 'dead-secret', enabled: false },
    ],
  }),
  namedApp('telling', { subscription_error_events: true }),
  namedApp('short', { limits: { channel_name_chars: 20 } }),
];

const kKinds = [
  'orders-',
  'private-orders-',
  'private-encrypted-vault-',
  'cache-price-',
  'private-cache-price-',
  'private-encrypted-cache-vault-',
  'presence-room-',
  'presence-cache-room-',
];
const isPresence = (channel) => channel.startsWith('presence-');
const isCache = (channel) => /^(private-encrypted-|private-|presence-)?cache-/.test(channel);
const member = (id) => JSON.stringify({ user_id: id });

suite('REF 3 subscribing', { apps }, (test) => {
  for (const kind of kKinds) {
    test(`REF 3.2 and 3.5 ${kind}*: exactly one subscription_succeeded, with data, before any event`, async (t) => {
      const client = await t.open();
      const channel = t.channel(kind);
      const frame = await client.subscribe(channel, isPresence(channel) ? { channelData: member('u1') } : {});
      assert.equal(typeof frame.data, 'string');
      if (!isPresence(channel)) assert.equal(frame.data, '{}');
      if (isCache(channel)) {
        assert.deepEqual(await client.next('pusher:cache_miss', channel), {
          event: 'pusher:cache_miss',
          data: '{}',
          channel,
        });
      }
      await client.quiet();
      await t.api().published(channel, 'news', '{"n":1}');
      assert.deepEqual(await client.next('news', channel), { event: 'news', channel, data: '{"n":1}' });
    });

    test(`REF 3.10 ${kind}*: unsubscribe is silent and ends delivery; subscribing again works`, async (t) => {
      const client = await t.open();
      const channel = t.channel(kind);
      const options = isPresence(channel) ? { channelData: member('u1') } : {};
      await client.subscribe(channel, options);
      if (isCache(channel)) await client.next('pusher:cache_miss');
      client.send('pusher:unsubscribe', { channel });
      await client.quiet();
      await t.api().published(channel, 'missed', '1');
      await client.subscribe(channel, options);
      if (isCache(channel)) await client.next('missed', channel);
      await t.api().published(channel, 'seen', '2');
      await client.next('seen', channel);
    });
  }

  for (const name of [
    'privatefoo',
    'presence',
    'cachefoo',
    'my-private-x',
    'private',
    'presencefoo',
    'Private-x',
    'privateer',
    '-',
    'a_b-c=d@e,f.g;h',
    '1',
  ]) {
    test(`REF 3.2 ${name} is a plain public name`, async (t) => {
      const client = await t.open();
      const frame = await client.subscribe(name, { auth: '' });
      assert.equal(frame.data, '{}');
      await client.quiet();
    });
  }

  test('REF 3.3 and 16.6 public: auth missing, empty or nonsense is never parsed', async (t) => {
    const client = await t.open();
    for (const extra of [{}, { auth: '' }, { auth: 'nonsense' }, { auth: null }, { channel_data: 'not json' }]) {
      const channel = t.channel('orders-');
      client.send('pusher:subscribe', { channel, ...extra });
      await client.next('pusher_internal:subscription_succeeded', channel);
    }
  });

  for (const name of [
    '',
    'a:b',
    'a/b',
    'a b',
    'Zoë',
    '#other',
    'a#b',
    '#server-to-user',
    'a\n',
    'a'.repeat(165),
    `private-${'a'.repeat(157)}`,
    'private-a:b',
    'presence-a b',
    '\u0000',
  ]) {
    test(`REF 3.1 invalid name ${JSON.stringify(name.slice(0, 24))} (${name.length}): an error, no subscription, connection stays`, async (t) => {
      const client = await t.open();
      client.send('pusher:subscribe', { channel: name, auth: channelAuth(client.credentials, client.socketId, name) });
      await client.nextError();
      await client.quiet();
    });
  }

  for (const name of ['a'.repeat(164), `private-${'a'.repeat(156)}`]) {
    test(`REF 3.1 ${name.slice(0, 10)}… of 164 characters is valid`, async (t) => {
      const client = await t.open();
      await client.subscribe(name);
    });
  }

  test('issue 5 an app may tighten the length of names', async (t) => {
    const client = await t.open(t.appNamed('short'));
    await client.subscribe('a'.repeat(20));
    client.requestSubscribe('a'.repeat(21));
    await client.nextError();
  });

  for (const data of [undefined, {}, { channel: 5 }, { channel: null }, { channel: ['a'] }, [], 'x', 7, null]) {
    test(`REF 3.3 data ${JSON.stringify(data)} names no channel: Missing parameter, connection stays`, async (t) => {
      const client = await t.open();
      client.send('pusher:subscribe', data);
      await client.nextError();
      await client.quiet();
    });
  }

  test('REF 1.8 the text of a missing channel', async (t) => {
    const client = await t.open();
    client.send('pusher:subscribe', {});
    await client.nextError('Missing parameter: data.channel');
  });

  for (const auth of [undefined, '', null]) {
    test(`REF 3.4.1 and 16.6 private without auth (${JSON.stringify(auth)}): Auth info required`, async (t) => {
      const client = await t.open();
      const channel = t.channel('private-orders-');
      client.send('pusher:subscribe', { channel, auth });
      await client.nextError(`Auth info required to subscribe to ${channel}`);
      await client.subscribe(channel);
    });
  }

  test('REF 3.4.2 auth without colon: Invalid format', async (t) => {
    const client = await t.open();
    client.requestSubscribe(t.channel('private-orders-'), { auth: 'no-colon-here' });
    await client.nextError('Invalid format: auth must have the format key:signature');
    await client.quiet();
  });

  for (const key of ['wrong-key', 'dead-key', '']) {
    test(`REF 3.4.3 and 16.6 wrong key "${key}": named in the error, connection stays`, async (t) => {
      const client = await t.open();
      client.requestSubscribe(t.channel('private-orders-'), { auth: `${key}:${'0'.repeat(64)}` });
      await client.nextError(`Invalid key in subscription auth data: '${key}'`);
      await client.quiet();
    });
  }

  test('REF 3.4.3 any active key of the app will do, with its own secret', async (t) => {
    const client = await t.open();
    const channel = t.channel('private-orders-');
    const second = { key: 'second-key', secret: 'second-secret' };
    client.requestSubscribe(channel, { auth: channelAuth({ ...second, secret: kSecret }, client.socketId, channel) });
    await client.nextError(/^Invalid signature: /);
    await client.subscribe(channel, { auth: channelAuth(second, client.socketId, channel) });
  });

  test('REF 3.4 wrong hmac: pusher:error, code null, the string to be signed is named, connection stays', async (t) => {
    const client = await t.open();
    const channel = t.channel('private-orders-');
    const wrong = '0'.repeat(64);
    client.requestSubscribe(channel, { auth: `${kKey}:${wrong}` });
    await client.nextError(
      `Invalid signature: Expected HMAC SHA256 hex digest of ${client.socketId}:${channel}, but got ${wrong}`,
    );
    await client.subscribe(channel);
  });

  for (const digest of ['', 'zz', 'g'.repeat(64), '0'.repeat(63), '0'.repeat(65), 'a:b']) {
    test(`REF 3.4 digest ${JSON.stringify(digest.slice(0, 8))} of ${digest.length} characters: Invalid signature`, async (t) => {
      const client = await t.open();
      client.requestSubscribe(t.channel('private-orders-'), { auth: `${kKey}:${digest}` });
      await client.nextError(/^Invalid signature: Expected HMAC SHA256 hex digest of /);
      await client.quiet();
    });
  }

  test('REF 3.4.4 channel_data counts when present, on private channels too', async (t) => {
    const client = await t.open();
    const channel = t.channel('private-orders-');
    client.requestSubscribe(channel, {
      channelData: 'any text',
      auth: channelAuth(client.credentials, client.socketId, channel),
    });
    await client.nextError(/^Invalid signature: .*:any text, but got /);
    await client.subscribe(channel, { channelData: 'any text' });
  });

  test('REF 3.4.4 and 16.6 empty channel_data counts: the signed string ends in a colon', async (t) => {
    const client = await t.open();
    const channel = t.channel('private-orders-');
    client.requestSubscribe(channel, {
      channelData: '',
      auth: channelAuth(client.credentials, client.socketId, channel),
    });
    await client.nextError(new RegExp(`digest of ${client.socketId}:${channel}:, but got `));
    await client.subscribe(channel, { channelData: '' });
  });

  test('REF 3.4.5 an upper-case digest is taken', async (t) => {
    const client = await t.open();
    const channel = t.channel('private-orders-');
    const [key, digest] = channelAuth(client.credentials, client.socketId, channel).split(':');
    await client.subscribe(channel, { auth: `${key}:${digest.toUpperCase()}` });
  });

  test("REF 3.4 another connection's signature is refused (replay)", async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const channel = t.channel('private-orders-');
    const auth = one.requestSubscribe(channel);
    await one.next('pusher_internal:subscription_succeeded');
    two.requestSubscribe(channel, { auth });
    await two.nextError(/^Invalid signature: /);
  });

  test('REF 3.3 nothing is trimmed: a space after the digest fails', async (t) => {
    const client = await t.open();
    const channel = t.channel('private-orders-');
    client.requestSubscribe(channel, { auth: `${channelAuth(client.credentials, client.socketId, channel)} ` });
    await client.nextError(/^Invalid signature: /);
  });

  test('REF 3.3 channel_data as an object is refused', async (t) => {
    const client = await t.open();
    const channel = t.channel('presence-room-');
    const data = { user_id: 'u1' };
    client.send('pusher:subscribe', {
      channel,
      channel_data: data,
      auth: channelAuth(client.credentials, client.socketId, channel, JSON.stringify(data)),
    });
    await client.nextError();
    await client.quiet();
  });

  test('REF 3.8 no pusher:subscription_error unless the app asks for it', async (t) => {
    const client = await t.open();
    client.requestSubscribe(t.channel('private-orders-'), { auth: `${kKey}:00` });
    await client.nextError(/^Invalid signature/);
    await client.quiet();
  });

  test('REF 3.8 subscription_error_events: pusher:subscription_error on the channel, beside pusher:error', async (t) => {
    const client = await t.open(t.appNamed('telling'));
    const channel = t.channel('private-orders-');
    client.requestSubscribe(channel, { auth: 'key-telling:00' });
    const frames = [JSON.parse(await client.nextText()), JSON.parse(await client.nextText())];
    const named = Object.fromEntries(frames.map((frame) => [frame.event, frame]));
    assert.deepEqual(Object.keys(named).sort(), ['pusher:error', 'pusher:subscription_error']);
    assert.equal(named['pusher:subscription_error'].channel, channel);
    assert.equal(named['pusher:subscription_error'].data.type, 'AuthError');
    assert.match(named['pusher:subscription_error'].data.error, /^Invalid signature/);
    assert.equal(named['pusher:subscription_error'].data.status, 401);
    await client.quiet();
  });

  test('REF 3.10 and 16.6 duplicate subscribe: Existing subscription, no second confirmation', async (t) => {
    const client = await t.open();
    for (const channel of [t.channel('orders-'), t.channel('private-orders-')]) {
      await client.subscribe(channel);
      client.requestSubscribe(channel);
      await client.nextError(`Existing subscription to channel ${channel}`);
      await client.quiet();
      await t.api().published(channel, 'once', '1');
      await client.next('once', channel);
      await client.quiet();
    }
  });

  test('REF 3.10 and 16.6 unsubscribe of an unknown channel: an error, non-fatal', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    client.send('pusher:unsubscribe', { channel });
    await client.nextError(`No current subscription to channel ${channel}, or subscription in progress`);
    await client.subscribe(channel);
    client.send('pusher:unsubscribe', { channel });
    client.send('pusher:unsubscribe', { channel });
    await client.nextError(`No current subscription to channel ${channel}, or subscription in progress`);
    await client.quiet();
  });

  test('REF 3.10 commands of one connection are carried out in order', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    for (let round = 0; round < 20; round += 1) {
      client.requestSubscribe(channel);
      await client.next('pusher_internal:subscription_succeeded', channel);
      client.send('pusher:unsubscribe', { channel });
    }
    client.requestSubscribe(channel);
    await client.next('pusher_internal:subscription_succeeded', channel);
    await client.quiet();
  });

  test('REF 3.10 strictly in order, also when they arrive together: subscribe, client event, unsubscribe, subscribe', async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    // Several channels, so that some live on another of the server's loops than the connections do.
    for (const channel of Array.from({ length: 4 }, () => t.channel('private-orders-'))) {
      await two.subscribe(channel);
      one.requestSubscribe(channel);
      one.send('client-x', '1', channel);
      one.send('pusher:unsubscribe', { channel });
      one.requestSubscribe(channel);
      one.send('client-x', '2', channel);
      for (const data of ['1', '2']) assert.equal((await two.next('client-x', channel)).data, data);
      for (let i = 0; i < 2; i += 1) await one.next('pusher_internal:subscription_succeeded', channel);
      await t.api().published(channel, 'after', '3');
      await one.next('after', channel);
      await two.next('after', channel);
    }
  });

  test('REF 1.9 a connection may have many channels: 500 here', async (t) => {
    const client = await t.open();
    const channels = Array.from({ length: 500 }, () => t.channel('many-'));
    for (const channel of channels) client.requestSubscribe(channel);
    const confirmed = new Set();
    for (const _ of channels) confirmed.add((await client.next('pusher_internal:subscription_succeeded')).channel);
    assert.deepEqual(confirmed, new Set(channels));
  });
});
