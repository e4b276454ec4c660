// REF 6: signin, server-to-user events, termination, authorised connections, watchlists.
import assert from 'node:assert/strict';
import { demoApp, kKey, namedApp } from '../support/server.js';
import { userAuth } from '../support/sign.js';
import { suite } from '../support/suite.js';

const guarded = (name) => namedApp(name, { authorized_connections: true, limits: { connections: 1 } });
const apps = [
  demoApp(),
  ...['guarded', 'guarded0', 'guarded1', 'guarded2', 'guarded3'].map(guarded),
  namedApp('unwatched', { watchlist: false }),
  namedApp('again', { terminate_close_code: 4200 }),
];
const server = { authorized_connection_timeout_seconds: 2 };

let users = 0;
const newUser = () => {
  users += 1;
  return `user-${users}`;
};

const kAuthorising = [
  ['a signin', (client) => client.signin({ id: newUser() })],
  ['a private subscription', (client, t) => client.subscribe(t.channel('private-orders-'))],
  ['an encrypted subscription', (client, t) => client.subscribe(t.channel('private-encrypted-vault-'))],
  ['a presence subscription', (client, t) => client.join(t.channel('presence-room-'), 'u1')],
];

/** The next watchlist frame as {online: [...], offline: [...]}. */
async function watchlist(client) {
  const frame = await client.next('pusher_internal:watchlist_events');
  assert.equal(typeof frame.data, 'string');
  assert.equal('channel' in frame, false);
  const { events } = JSON.parse(frame.data);
  assert.ok(
    events.every((event) => event.user_ids.length > 0),
    'an empty group is left out',
  );
  return Object.fromEntries(events.map((event) => [event.name, [...event.user_ids].sort()]));
}

suite('REF 6 users', { apps, server }, (test) => {
  test('REF 6.1 and 16.11 signin: signin_success with user_data exactly as received, as string data', async (t) => {
    const client = await t.open();
    const userData = ` { "id" : "${newUser()}" , "user_info":{"name":"Zo\\u00eb"}, "extra":[1] } `;
    const frame = await client.signin(userData);
    assert.deepEqual(Object.keys(JSON.parse(frame.data)), ['user_data']);
    assert.equal('channel' in frame, false);
    await client.quiet();
  });

  test('REF 6.2 the same id again refreshes; another id is an error and keeps the first (16.11)', async (t) => {
    const client = await t.open();
    const [id, other] = [newUser(), newUser()];
    await client.signin({ id });
    await client.signin({ id, user_info: { v: 2 } });
    client.requestSignin({ id: other });
    await client.nextError();
    client.requestSubscribe(`#server-to-user-${other}`);
    await client.nextError();
    await client.subscribe(`#server-to-user-${id}`);
  });

  test('REF 6.2 and 16.11 bad signature: an error with code null, connection stays', async (t) => {
    const client = await t.open();
    const userData = '{"id":"u7"}';
    client.send('pusher:signin', { auth: `${kKey}:${'0'.repeat(64)}`, user_data: userData });
    await client.nextError(/^Invalid signature: Expected HMAC SHA256 hex digest of .*::user::\{"id":"u7"\}, but got 0/);
    await client.quiet();
  });

  test('REF 1.8 signin without a colon: Invalid format', async (t) => {
    const client = await t.open();
    client.send('pusher:signin', { auth: 'nonsense', user_data: '{"id":"u7"}' });
    await client.nextError('Invalid format: auth must have the format key:signature');
    await client.quiet();
  });

  test("REF 6.1 the protocol page's KEY::user::SIG form is not a signature", async (t) => {
    const client = await t.open();
    const [key, digest] = userAuth(client.credentials, client.socketId, '{"id":"u7"}').split(':');
    client.send('pusher:signin', { auth: `${key}::user::${digest}`, user_data: '{"id":"u7"}' });
    await client.nextError();
    await client.quiet();
  });

  test('REF 6.2 an unknown key', async (t) => {
    const client = await t.open();
    client.send('pusher:signin', { auth: `other:${'0'.repeat(64)}`, user_data: '{"id":"u7"}' });
    await client.nextError(/'other'/);
    await client.quiet();
  });

  for (const data of [
    undefined,
    {},
    { auth: 'a:b' },
    { user_data: '{"id":"u7"}' },
    { auth: 5, user_data: '{}' },
    [],
    'x',
  ]) {
    test(`REF 1.8 signin with data ${JSON.stringify(data)}: an error, connection stays`, async (t) => {
      const client = await t.open();
      client.send('pusher:signin', data);
      await client.nextError();
      await client.quiet();
    });
  }

  for (const userData of [
    '',
    'x',
    '[]',
    '{}',
    '{"id":7}',
    '{"id":""}',
    '{"id":null}',
    `{"id":"${'a'.repeat(129)}"}`,
    '"u7"',
  ]) {
    test(`REF 6.1 signed user_data ${userData.slice(0, 20)} (${userData.length}) has no usable id: an error`, async (t) => {
      const client = await t.open();
      client.requestSignin(userData);
      await client.nextError();
      await client.quiet();
    });
  }

  test('REF 6.1 an id of 128 characters, and one off the channel charset, may sign in', async (t) => {
    for (const id of ['a'.repeat(128), 'e:1', 'Zoë']) await (await t.open()).signin({ id });
  });

  test('REF 6.5 and 16.11 server-to-user: every connection of the user, once; others nothing', async (t) => {
    const [one, two, stranger] = await Promise.all([t.open(), t.open(), t.open()]);
    const id = newUser();
    const channel = `#server-to-user-${id}`;
    for (const client of [one, two]) {
      await client.signin({ id });
      await client.subscribe(channel);
    }
    await stranger.signin({ id: newUser() });
    await t.api().published(channel, 'alert', '"hi"');
    for (const client of [one, two]) {
      assert.deepEqual(await client.next('alert'), { event: 'alert', channel, data: '"hi"' });
      await client.quiet();
    }
    await stranger.quiet();
  });

  test('REF 6.5 publishing to an offline user: {}', async (t) => {
    await t.api().published(`#server-to-user-${newUser()}`, 'alert', '"hi"');
  });

  test('REF 3.7 only the owner may subscribe #server-to-user-<id>', async (t) => {
    const client = await t.open();
    const [id, other] = [newUser(), newUser()];
    for (const name of [id, other]) {
      client.requestSubscribe(`#server-to-user-${name}`);
      await client.nextError();
    }
    await client.signin({ id });
    client.requestSubscribe(`#server-to-user-${other}`);
    await client.nextError();
    await client.subscribe(`#server-to-user-${id}`);
    client.requestSubscribe(`#server-to-user-${id}`);
    await client.nextError(`Existing subscription to channel #server-to-user-${id}`);
  });

  test('REF 6.6 and 16.11 terminate_connections: {} and 4009 for all signed-in connections; presence-only ones stay', async (t) => {
    const [one, two, presenceOnly, other] = await Promise.all([t.open(), t.open(), t.open(), t.open()]);
    const id = newUser();
    await one.signin({ id });
    await two.signin({ id });
    await other.signin({ id: newUser() });
    await presenceOnly.join(t.channel('presence-room-'), id);
    const answer = await t.api().post(`/users/${id}/terminate_connections`, {});
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    await Promise.all([one.closedWith(4009), two.closedWith(4009)]);
    await presenceOnly.quiet();
    await other.quiet();
    await (await t.open()).signin({ id });
  });

  test('REF 6.6 a terminated user leaves its presence channels', async (t) => {
    const [watcher, client] = await Promise.all([t.open(), t.open()]);
    const [id, channel] = [newUser(), t.channel('presence-room-')];
    await watcher.join(channel, 'w');
    await client.signin({ id });
    await client.join(channel, id);
    await watcher.next('pusher_internal:member_added');
    await t.api().post(`/users/${id}/terminate_connections`, {});
    assert.deepEqual(JSON.parse((await watcher.next('pusher_internal:member_removed', channel)).data), { user_id: id });
  });

  test('REF 6.6 terminate: no connection is fine; the id is percent-decoded', async (t) => {
    const answer = await t.api().post('/users/nobody/terminate_connections', {});
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    const client = await t.open();
    await client.signin({ id: 'a b=c' });
    assert.equal((await t.api().post('/users/a%20b=c/terminate_connections', {})).status, 200);
    await client.closedWith(4009);
  });

  test('REF 6.6 terminate_close_code 4200 for apps that want clients to come back', async (t) => {
    const app = t.appNamed('again');
    const client = await t.open(app);
    await client.signin({ id: 'u7' });
    await t.api(app).post('/users/u7/terminate_connections', {});
    await client.closedWith(4200);
  });

  test('REF 6.6 and 16.11 authorised connections: no sign of identity, close 4009', async (t) => {
    const app = t.appNamed('guarded');
    const client = await t.open(app);
    await client.subscribe(t.channel('orders-'));
    client.requestSubscribe(t.channel('private-orders-'), { auth: 'key-guarded:00' });
    await client.nextError();
    await client.closedWith(4009, 'Connection not authorized within timeout');
  });

  for (const [index, [how, authorise]] of kAuthorising.entries()) {
    test(`REF 6.6 ${how} authorises; who is not authorised does not count as quota`, async (t) => {
      const app = t.appNamed(`guarded${index}`);
      const [witness, client] = await Promise.all([t.open(app), t.open(app)]);
      await authorise(client, t);
      await witness.closedWith(4009);
      await client.quiet();
    });
  }

  test('REF 6.7 and 6.3 watchlist: right after signin who is online and who is not; then the changes', async (t) => {
    const [watcher, tab1, tab2] = await Promise.all([t.open(), t.open(), t.open()]);
    const [id, friend, absent] = [newUser(), newUser(), newUser()];
    await tab1.signin({ id: friend });
    await watcher.signin({ id, watchlist: [friend, absent] });
    assert.deepEqual(await watchlist(watcher), { online: [friend], offline: [absent] });
    await tab2.signin({ id: friend });
    await tab1.leave();
    await watcher.quiet();
    await tab2.leave();
    assert.deepEqual(await watchlist(watcher), { offline: [friend] });
    await (await t.open()).signin({ id: friend });
    assert.deepEqual(await watchlist(watcher), { online: [friend] });
  });

  test('REF 6.7 each connection of a user gets its own initial state, and the changes', async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const [id, friend] = [newUser(), newUser()];
    for (const client of [one, two]) {
      await client.signin({ id, watchlist: [friend] });
      assert.deepEqual(await watchlist(client), { offline: [friend] });
    }
    await (await t.open()).signin({ id: friend });
    for (const client of [one, two]) assert.deepEqual(await watchlist(client), { online: [friend] });
  });

  test('REF 6.7 and 16.11 a watchlist of 101: success, 4302, and the first 100', async (t) => {
    const client = await t.open();
    const list = Array.from({ length: 101 }, () => newUser());
    await client.signin({ id: newUser(), watchlist: list });
    await client.nextError(/100/, 4302);
    assert.deepEqual(await watchlist(client), { offline: list.slice(0, 100).sort() });
    await client.quiet();
  });

  test('REF 17.13 a second signin refreshes the watchlist', async (t) => {
    const client = await t.open();
    const [id, friend, other] = [newUser(), newUser(), newUser()];
    await client.signin({ id, watchlist: [friend] });
    await watchlist(client);
    await client.signin({ id, watchlist: [other] });
    assert.deepEqual(await watchlist(client), { offline: [other] });
    await (await t.open()).signin({ id: friend });
    await client.quiet();
    await (await t.open()).signin({ id: other });
    assert.deepEqual(await watchlist(client), { online: [other] });
  });

  test('REF 6.7 no watchlist events for apps without the switch', async (t) => {
    const client = await t.open(t.appNamed('unwatched'));
    await client.signin({ id: 'u7', watchlist: ['u8'] });
    await client.quiet();
  });
});
