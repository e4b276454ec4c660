// REF 3.6 and 4: members are users, not connections; first and last connections count.
import assert from 'node:assert/strict';
import { demoApp, namedApp } from '../support/server.js';
import { channelAuth } from '../support/sign.js';
import { suite } from '../support/suite.js';

const apps = [
  demoApp(),
  namedApp('few', { limits: { presence_members: 2 } }),
  namedApp('roomy', { limits: { presence_user_info_bytes: 4096 } }),
];

const sorted = (roster) => ({ ...roster, ids: [...roster.ids].sort() });

suite('REF 3.6 and 4 presence', { apps }, (test) => {
  test('REF 3.6 the roster holds the subscriber: count, ids and hash as strings', async (t) => {
    const client = await t.open();
    const roster = await client.join(t.channel('presence-room-'), 'u7', { name: 'Zoë' });
    assert.deepEqual(roster, { count: 1, ids: ['u7'], hash: { u7: { name: 'Zoë' } } });
  });

  test('REF 3.6 and 16.7 three connections, two users: each once', async (t) => {
    const [one, two, three] = await Promise.all([t.open(), t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await one.join(channel, 'u7', { name: 'Zoë' });
    await two.join(channel, 'u9');
    const roster = await three.join(channel, 'u7', { name: 'Zoë' });
    assert.equal(roster.count, 2);
    assert.deepEqual([...roster.ids].sort(), ['u7', 'u9']);
    assert.deepEqual(Object.keys(roster.hash).sort(), ['u7', 'u9']);
    assert.deepEqual(roster.hash.u7, { name: 'Zoë' });
    assert.ok(roster.hash.u9 === null || Object.keys(roster.hash.u9).length === 0);
  });

  test('REF 3.6 and 16.7 a numeric id is its decimal string: 1 and "1" are one member', async (t) => {
    const [one, two, watcher] = await Promise.all([t.open(), t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await watcher.join(channel, 'w');
    assert.deepEqual(sorted(await one.join(channel, 1)).ids, ['1', 'w']);
    assert.equal(JSON.parse((await watcher.next('pusher_internal:member_added', channel)).data).user_id, '1');
    const roster = await two.join(channel, '1');
    assert.equal(roster.count, 2);
    await watcher.quiet();
  });

  for (const [sent, id] of [
    ['9007199254740993', '9007199254740993'],
    ['-5', '-5'],
    ['0', '0'],
  ]) {
    test(`REF 3.6 the numeric id ${sent} keeps all its digits`, async (t) => {
      const client = await t.open();
      const frame = await client.subscribe(t.channel('presence-room-'), { channelData: `{"user_id":${sent}}` });
      assert.deepEqual(JSON.parse(frame.data).presence.ids, [id]);
    });
  }

  test('REF 4.1 and 16.8 member_added: string data, to the others, not to the joiner', async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await one.join(channel, 'u7');
    await two.join(channel, 'u9', { name: 'Ida' });
    const added = await one.next('pusher_internal:member_added', channel);
    assert.equal(typeof added.data, 'string');
    assert.deepEqual(JSON.parse(added.data), { user_id: 'u9', user_info: { name: 'Ida' } });
    await t.api().published(channel, 'after', '1');
    await two.next('after', channel);
    await one.next('after', channel);
  });

  test("REF 4.2 and 16.8 a second tab joins and leaves without events; the last tab's end is member_removed", async (t) => {
    const [watcher, tab1, tab2] = await Promise.all([t.open(), t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await watcher.join(channel, 'w');
    await tab1.join(channel, 'u7');
    await watcher.next('pusher_internal:member_added', channel);
    assert.equal((await tab2.join(channel, 'u7')).count, 2);
    await tab1.leave();
    await t.api().published(channel, 'still', '1');
    await watcher.next('still', channel);
    tab2.send('pusher:unsubscribe', { channel });
    const removed = await watcher.next('pusher_internal:member_removed', channel);
    assert.equal(typeof removed.data, 'string');
    assert.deepEqual(JSON.parse(removed.data), { user_id: 'u7' });
  });

  test('REF 4.2 a socket that just drops leaves too', async (t) => {
    const [watcher, other] = await Promise.all([t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await watcher.join(channel, 'w');
    await other.join(channel, 'u7');
    await watcher.next('pusher_internal:member_added');
    other.close();
    await watcher.next('pusher_internal:member_removed', channel);
  });

  test('REF 3.6 and 16.7 a later connection replaces the user_info, without an event', async (t) => {
    const [watcher, one, two, late] = await Promise.all([t.open(), t.open(), t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await watcher.join(channel, 'w');
    await one.join(channel, 'u7', { v: 1 });
    await watcher.next('pusher_internal:member_added');
    await two.join(channel, 'u7', { v: 2 });
    assert.deepEqual((await late.join(channel, 'w')).hash.u7, { v: 2 });
    await watcher.quiet();
  });

  for (const data of [
    '',
    'x',
    '{',
    '[]',
    '"u7"',
    '7',
    'null',
    '{}',
    '{"user_id":""}',
    '{"user_id":null}',
    '{"user_id":{}}',
    '{"user_id":true}',
    '{"user_id":1.5}',
    '{"user_id":"\\ud800"}',
    '{"user_info":{}}',
    `{"user_id":"${'a'.repeat(129)}"}`,
    '{"user_id":"u7"} x',
    '{"user_id":["u7"]}',
  ]) {
    test(`REF 3.6 signed channel_data ${data.slice(0, 24)} (${data.length}) is refused, connection stays`, async (t) => {
      const client = await t.open();
      client.requestSubscribe(t.channel('presence-room-'), { channelData: data });
      await client.nextError();
      await client.quiet();
    });
  }

  test('REF 3.6 no channel_data and no signin: refused', async (t) => {
    const client = await t.open();
    client.requestSubscribe(t.channel('presence-room-'));
    await client.nextError();
    await client.quiet();
  });

  test('REF 3.6 a user_id of 128 characters is taken', async (t) => {
    const client = await t.open();
    assert.deepEqual((await client.join(t.channel('presence-room-'), 'ü'.repeat(128))).ids, ['ü'.repeat(128)]);
  });

  test('REF 3.6 user_info: 1024 bytes of JSON are taken, 1025 are not', async (t) => {
    const client = await t.open();
    await client.join(t.channel('presence-room-'), 'u7', 'x'.repeat(1022));
    client.requestSubscribe(t.channel('presence-room-'), {
      channelData: JSON.stringify({ user_id: 'u7', user_info: 'x'.repeat(1023) }),
    });
    await client.nextError();
    await client.quiet();
  });

  test('issue 5 an app may allow more user_info', async (t) => {
    const client = await t.open(t.appNamed('roomy'));
    await client.join(t.channel('presence-room-'), 'u7', 'x'.repeat(4000));
  });

  test('REF 3.6 user_info may be any JSON, and comes back as it was', async (t) => {
    const client = await t.open();
    for (const info of [0, -1.5, true, 'text', [1, [2]], { a: { b: [] } }, { quote: '"\\\u0001 é \u{1f600}' }]) {
      const roster = await client.join(t.channel('presence-room-'), 'u7', info);
      assert.deepEqual(roster.hash.u7, info);
    }
  });

  test("REF 3.6 signed as sent: spaces and order of channel_data are the client's", async (t) => {
    const client = await t.open();
    const channel = t.channel('presence-room-');
    const channelData = ' { "user_info" : {"name":"Zo\\u00eb"} ,\n "user_id" : "u7" } ';
    const frame = await client.subscribe(channel, { channelData });
    assert.deepEqual(JSON.parse(frame.data).presence.hash, { u7: { name: 'Zoë' } });
  });

  test("REF 3.6 and 16.7 the limit of members counts users: a full room admits a member's further tab", async (t) => {
    const app = t.appNamed('few');
    const clients = await Promise.all(Array.from({ length: 4 }, () => t.open(app)));
    const channel = t.channel('presence-room-');
    await clients[0].join(channel, 'u1');
    await clients[1].join(channel, 'u2');
    clients[2].requestSubscribe(channel, { channelData: '{"user_id":"u3"}' });
    await clients[2].nextError(/^Maximum members per presence channel limit reached/);
    await clients[2].quiet();
    assert.equal((await clients[3].join(channel, 'u1')).count, 2);
    await clients[1].leave();
    await clients[0].next('pusher_internal:member_added');
    await clients[0].next('pusher_internal:member_removed');
    assert.equal((await clients[2].join(channel, 'u3')).count, 2);
  });

  test('REF 3.6 and 16.7 the default limit is 100 users', async (t) => {
    const client = await t.open();
    const channel = t.channel('presence-room-');
    const members = await Promise.all(Array.from({ length: 100 }, () => t.open()));
    for (const [index, one] of members.entries())
      one.requestSubscribe(channel, { channelData: `{"user_id":${index}}` });
    await Promise.all(members.map((one) => one.next('pusher_internal:subscription_succeeded', channel)));
    client.requestSubscribe(channel, { channelData: '{"user_id":"one-too-many"}' });
    await client.nextError(/^Maximum members per presence channel limit reached/);
    assert.equal((await client.join(channel, '5')).count, 100);
  });

  test('REF 3.6 signed in, no channel_data: the member is the user, signed without data', async (t) => {
    const client = await t.open();
    const channel = t.channel('presence-room-');
    await client.signin({ id: 'u7', user_info: { name: 'Zoë' } });
    const frame = await client.subscribe(channel, { auth: channelAuth(client.credentials, client.socketId, channel) });
    assert.deepEqual(JSON.parse(frame.data).presence, { count: 1, ids: ['u7'], hash: { u7: { name: 'Zoë' } } });
  });

  test('REF 3.6 signed in, with channel_data: channel_data wins', async (t) => {
    const client = await t.open();
    await client.signin({ id: 'u7' });
    assert.deepEqual((await client.join(t.channel('presence-room-'), 'other')).ids, ['other']);
  });

  test('REF 4.2 roster and events fit together while 40 members come and go', async (t) => {
    const watcher = await t.open();
    const channel = t.channel('presence-room-');
    await watcher.join(channel, 'w');
    const others = await Promise.all(Array.from({ length: 40 }, () => t.open()));
    for (const [index, one] of others.entries())
      one.requestSubscribe(channel, { channelData: `{"user_id":"u${index}"}` });
    // Each joiner: its snapshot and the events after it must together make the same set, and no one twice.
    await Promise.all(
      others.map(async (one) => {
        const { presence } = JSON.parse((await one.next('pusher_internal:subscription_succeeded', channel)).data);
        const members = new Set(presence.ids);
        assert.equal(members.size, presence.count);
        while (members.size < 41) {
          const { user_id: id } = JSON.parse((await one.next('pusher_internal:member_added', channel)).data);
          assert.equal(members.has(id), false, `${id} was added twice`);
          members.add(id);
        }
      }),
    );
  });
});
