// REF 9.3, 9.4, 9.6 and 9.7: publishing.
import assert from 'node:assert/strict';
import { demoApp, namedApp } from '../support/server.js';
import { encodeQuery, signedQuery } from '../support/sign.js';
import { request } from '../support/api.js';
import { suite } from '../support/suite.js';

const apps = [
  demoApp(),
  namedApp('counting', { subscription_count: true }),
  namedApp('generous', { limits: { event_data_bytes: 20_480 } }),
  namedApp('slow', { limits: { publishes_per_second: 5 } }),
  namedApp('slower', { limits: { publishes_per_second: 2 } }),
];

const k413 =
  'The data content of this event exceeds the allowed maximum (10240 bytes). ' +
  'See https://pusher.com/docs/channels/server_api/http-api#publishing-events for more info';
const base = { name: 'news', channel: 'orders', data: '1' };

function bad(answer, status = 400, words = undefined) {
  assert.equal(answer.status, status, answer.text);
  if (words) assert.ok(answer.text.includes(words), answer.text);
  assert.match(answer.headers['content-type'], /^text\/plain/);
}

suite('REF 9.3 to 9.7 publishing', { apps }, (test) => {
  test('REF 9.3 the data arrives exactly as the string that was sent', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    for (const data of [
      '',
      'plain',
      '{"a": [1,  2.50]}',
      '"\\u0001\u2028 é 😀',
      '\u0000\u001f\u007f',
      '</script>',
      '\\',
      'null',
    ]) {
      await t.api().published(channel, 'news', data);
      assert.deepEqual(await client.next('news', channel), { event: 'news', channel, data });
    }
  });

  test('REF 9.3 escapes in the request are decoded, not copied wrongly', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    const body = `{"name":"n\\u0065ws","channel":"\\u006frders-${channel.slice(7)}","data":"\\ud83d\\ude00\\/\\u00e9"}`;
    assert.equal((await t.api().post('/events', body)).status, 200);
    assert.deepEqual(await client.next('news', channel), { event: 'news', channel, data: '😀/é' });
  });

  test('REF 9.3 several channels: a frame for each one a connection is subscribed to', async (t) => {
    const client = await t.open();
    const channels = [t.channel('a-'), t.channel('b-'), t.channel('c-')];
    for (const channel of channels) await client.subscribe(channel);
    const answer = await t.api().post('/events', { name: 'news', channels, data: '1' });
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    const got = [];
    for (const _ of channels) got.push((await client.next('news')).channel);
    assert.deepEqual(got.sort(), [...channels].sort());
    await client.quiet();
  });

  test('REF 9.3 a channel named twice gets the event once', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    await t.api().post('/events', { name: 'news', channels: [channel, channel], data: '1' });
    await client.next('news', channel);
    await t.api().published(channel, 'after', '2');
    await client.next('after', channel);
  });

  test("REF 9.3 one publisher's events arrive in order", async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    for (let i = 0; i < 100; i += 1) await t.api().published(channel, 'news', String(i));
    for (let i = 0; i < 100; i += 1) assert.equal((await client.next('news', channel)).data, String(i));
  });

  test('REF 9.3 and 9.7 socket_id is left out, on all channels; an unknown one is fine', async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const channels = [t.channel('a-'), t.channel('b-')];
    for (const client of [one, two]) for (const channel of channels) await client.subscribe(channel);
    await t.api().post('/events', { name: 'news', channels, data: '1', socket_id: one.socketId });
    await two.next('news');
    await two.next('news');
    await t.api().post('/events', { name: 'after', channels, data: '2', socket_id: '1.1' });
    await one.next('after');
    await one.next('after');
  });

  for (const socketId of ['', 'abc', '1', '1.', '.1', '1.2.3', '-1.2', '1.2 ', '1.a', 5, {}]) {
    test(`REF 9.7 socket_id ${JSON.stringify(socketId)}: 400`, async (t) => {
      bad(await t.api().post('/events', { ...base, socket_id: socketId }));
    });
  }

  for (const [what, body] of [
    ['no name', { channel: 'a', data: '1' }],
    ['a number as name', { ...base, name: 5 }],
    ['an empty name', { ...base, name: '' }],
    ['no data', { name: 'n', channel: 'a' }],
    ['no channel', { name: 'n', data: '1' }],
    ['an empty list', { name: 'n', channels: [], data: '1' }],
    ['a number as channel', { ...base, channel: 5 }],
    ['channels not a list', { name: 'n', channels: 'a', data: '1' }],
    ['a number among channels', { name: 'n', channels: ['a', 5], data: '1' }],
    ['an array', []],
    ['a string', '"x"'],
    ['broken JSON', '{"name":'],
    ['nothing at all', ' '],
    ['text behind', `${JSON.stringify(base)} x`],
    ['a lone surrogate', '{"name":"n","channel":"a","data":"\\ud800"}'],
    ['a bad escape', '{"name":"n","channel":"a","data":"\\x"}'],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('{"name":"n","channel":"a","data":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
    ['deep JSON', '['.repeat(100_000)],
  ]) {
    test(`REF 9.2 ${what}: 400 in plain text`, async (t) => {
      bad(await t.api().post('/events', body));
    });
  }

  test('REF 9.2 the hosted text of a name that is no string', async (t) => {
    bad(await t.api().post('/events', { ...base, name: 5 }), 400, 'Expected name parameter to be a string');
  });

  for (const channel of ['', 'a:b', 'a b', 'a/b', 'Zoë', '#x', '#server-to-user-', 'a'.repeat(165)]) {
    test(`REF 9.2 invalid channel ${JSON.stringify(channel.slice(0, 20))} (${channel.length}): 400`, async (t) => {
      bad(
        await t.api().post('/events', { ...base, channel }),
        400,
        channel === 'a:b' ? 'Invalid channel name' : undefined,
      );
      bad(await t.api().post('/events', { name: 'n', data: '1', channels: ['good', channel] }));
    });
  }

  test('REF 9.3 100 channels pass, 101 do not, and none of them gets the event', async (t) => {
    const client = await t.open();
    const channels = Array.from({ length: 101 }, () => t.channel('many-'));
    await client.subscribe(channels[0]);
    bad(await t.api().post('/events', { name: 'refused', channels, data: '1' }));
    assert.equal(
      (await t.api().post('/events', { name: 'news', channels: channels.slice(0, 100), data: '1' })).status,
      200,
    );
    await client.next('news');
  });

  test('REF 9.3 the name: 200 characters pass, 201 do not', async (t) => {
    assert.equal((await t.api().post('/events', { ...base, name: 'é'.repeat(200) })).status, 200);
    bad(await t.api().post('/events', { ...base, name: 'é'.repeat(201) }));
  });

  for (const name of ['pusher:connection_established', 'pusher_internal:member_added', 'pusher:']) {
    test(`REF 9.3 reserved name ${name}: 400`, async (t) => {
      bad(await t.api().post('/events', { ...base, name }));
    });
  }

  test('REF 9.3 a client- name is allowed through the API', async (t) => {
    assert.equal((await t.api().post('/events', { ...base, name: 'client-x' })).status, 200);
  });

  test('REF 9.3 data that is no string: compact JSON in a string, or 400', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    const answer = await t.api().post('/events', `{"name":"news","channel":"${channel}","data":{ "a" : [1, 2] }}`);
    if (answer.status === 200) assert.equal((await client.next('news', channel)).data, '{"a":[1,2]}');
    else bad(answer);
  });

  test('REF 9.6 the data: 10 240 bytes pass, 10 241 are 413 with the hosted text', async (t) => {
    for (const [data, status] of [
      ['d'.repeat(10_240), 200],
      ['d'.repeat(10_241), 413],
      ['é'.repeat(5_120), 200],
      ['é'.repeat(5_121), 413],
    ]) {
      const answer = await t.api().post('/events', { ...base, data });
      assert.equal(answer.status, status);
      if (status === 413) assert.ok(answer.text.startsWith(k413), answer.text);
    }
  });

  test('REF 9.6 bytes are counted after unescaping', async (t) => {
    const body = `{"name":"n","channel":"a","data":"${'\\u0061'.repeat(10_240)}"}`;
    assert.equal((await t.api().post('/events', body)).status, 200);
  });

  test('issue 5 an app may allow more data', async (t) => {
    const api = t.api(t.appNamed('generous'));
    assert.equal((await api.post('/events', { ...base, data: 'd'.repeat(20_480) })).status, 200);
    assert.equal((await api.post('/events', { ...base, data: 'd'.repeat(20_481) })).status, 413);
  });

  test('REF 9.3 info: keyed by channel, inapplicable attributes left out, zeros where unoccupied', async (t) => {
    const app = t.appNamed('counting');
    const [one, two] = await Promise.all([t.open(app), t.open(app)]);
    const [orders, room, empty] = [t.channel('orders-'), t.channel('presence-room-'), t.channel('presence-room-')];
    await one.subscribe(orders);
    await one.next('pusher_internal:subscription_count');
    await one.join(room, 'u1');
    await two.join(room, 'u1');
    const { status, json } = await t
      .api(app)
      .post('/events', {
        name: 'news',
        channels: [orders, room, empty],
        data: '1',
        info: 'user_count,subscription_count',
      });
    assert.equal(status, 200);
    assert.deepEqual(json, {
      channels: {
        [orders]: { subscription_count: 1 },
        [room]: { user_count: 1, subscription_count: 2 },
        [empty]: { user_count: 0, subscription_count: 0 },
      },
    });
  });

  test('REF 9.2 an unknown info attribute: 400', async (t) => {
    bad(
      await t.api().post('/events', { ...base, info: 'color' }),
      400,
      'info should be a comma separated list of attributes',
    );
  });

  test('REF 9.3 info=subscription_count for an app that does not count: 400', async (t) => {
    bad(await t.api().post('/events', { ...base, info: 'subscription_count' }));
  });

  test('REF 9.4 batch: each event once, {} without info', async (t) => {
    const client = await t.open();
    const [a, b] = [t.channel('a-'), t.channel('b-')];
    await client.subscribe(a);
    await client.subscribe(b);
    const answer = await t.api().post('/batch_events', {
      batch: [
        { name: 'x', channel: a, data: '1' },
        { name: 'y', channel: b, data: '2' },
        { name: 'z', channel: a, data: '3', socket_id: client.socketId },
      ],
    });
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    const got = [await client.nextText(), await client.nextText()].map(JSON.parse);
    assert.deepEqual(got.map((frame) => [frame.event, frame.channel, frame.data]).sort(), [
      ['x', a, '1'],
      ['y', b, '2'],
    ]);
    await t.api().published(a, 'after', '4');
    await client.next('after', a);
  });

  test('REF 9.4 batch with info: an array, aligned, {} for events without', async (t) => {
    const app = t.appNamed('counting');
    const client = await t.open(app);
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    const { json } = await t.api(app).post('/batch_events', {
      batch: [
        { name: 'a', channel, data: '1', info: 'subscription_count' },
        { name: 'b', channel: t.channel('presence-'), data: '2' },
        { name: 'c', channel: t.channel('presence-'), data: '3', info: 'user_count,subscription_count' },
      ],
    });
    assert.deepEqual(json, { batch: [{ subscription_count: 1 }, {}, { user_count: 0, subscription_count: 0 }] });
  });

  test('REF 9.4 10 events pass, 11 are 400 Batch too large', async (t) => {
    const batch = Array.from({ length: 11 }, () => base);
    bad(await t.api().post('/batch_events', { batch }), 400, 'Batch too large');
    assert.equal((await t.api().post('/batch_events', { batch: batch.slice(1) })).status, 200);
  });

  test('REF 9.4 all or nothing: one bad event refuses the batch', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    const good = { name: 'refused', channel, data: '1' };
    assert.equal(
      (await t.api().post('/batch_events', { batch: [good, { ...good, data: 'd'.repeat(11 * 1024) }] })).status,
      413,
    );
    for (const other of [
      { ...good, channel: 'a:b' },
      { ...good, name: 5 },
      { name: 'n', data: '1' },
      5,
      { ...good, socket_id: 'x' },
      { ...good, info: 'color' },
    ]) {
      bad(await t.api().post('/batch_events', { batch: [good, other] }));
    }
    await t.api().published(channel, 'after', '1');
    await client.next('after', channel);
  });

  for (const body of ['{}', '{"batch":{}}', '{"batch":5}', '[]', 'x']) {
    test(`REF 9.4 batch body ${body}: 400`, async (t) => {
      bad(await t.api().post('/batch_events', body));
    });
  }

  test('REF 9.1 parameters of POST events may come in the query, arrays as channels[]', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    const { parameters, signature } = signedQuery(client.credentials, {
      method: 'POST',
      path: '/apps/42/events',
      query: { name: 'news', channel, data: '{"n":1}' },
    });
    const target = `/apps/42/events?${encodeQuery({ ...parameters, auth_signature: signature })}`;
    const answer = await request(t.server, { method: 'POST', target });
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    await client.next('news', channel);
  });

  test('REF 9.5 deprecated POST channels/{name}/events: the raw body, 202, empty answer', async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const channel = t.channel('orders-');
    await one.subscribe(channel);
    await two.subscribe(channel);
    const answer = await t
      .api()
      .send('POST', `/channels/${channel}/events`, {
        query: { name: 'news', socket_id: one.socketId },
        body: 'raw "text" é',
      });
    assert.deepEqual([answer.status, answer.text], [202, '']);
    assert.equal((await two.next('news', channel)).data, 'raw "text" é');
    const invalid = await t
      .api()
      .send('POST', `/channels/${channel}/events`, { query: { name: 'news' }, body: Buffer.from([0xff]) });
    assert.equal(invalid.status, 400);
    await t.api().published(channel, 'after', '1');
    await one.next('after', channel);
  });

  test('REF 9.2 a whole batch passes an idle app, whatever its rate', async (t) => {
    const batch = Array.from({ length: 10 }, () => base);
    assert.equal((await t.api(t.appNamed('slower')).post('/batch_events', { batch })).status, 200);
  });

  test("REF 9.2 an app's publish rate: 429, with Retry-After", async (t) => {
    const api = t.api(t.appNamed('slow'));
    const answers = await Promise.all(Array.from({ length: 30 }, () => api.post('/events', base)));
    const statuses = answers.map((answer) => answer.status);
    assert.ok(statuses.filter((status) => status === 200).length >= 5);
    assert.ok(statuses.includes(429), statuses.join(' '));
    assert.ok(answers.every((answer) => answer.status === 200 || Number(answer.headers['retry-after']) >= 1));
    assert.deepEqual(
      statuses.filter((status) => status !== 200 && status !== 429),
      [],
    );
  });
});
