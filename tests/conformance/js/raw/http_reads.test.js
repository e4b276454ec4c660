// REF 9.5: asking what is there.
import assert from 'node:assert/strict';
import { demoApp, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [namedApp('counting', { subscription_count: true }), demoApp()];

function bad(answer, words) {
  assert.equal(answer.status, 400, answer.text);
  if (words) assert.ok(answer.text.includes(words), answer.text);
}

suite('REF 9.5 reads', { apps }, (test) => {
  test('REF 9.5 channels: the occupied ones, values {}; by prefix; the unoccupied and # ones are not listed', async (t) => {
    const client = await t.open();
    const [one, two] = [t.channel('list-a-'), t.channel('list-b-')];
    await client.signin({ id: 'lister' });
    for (const channel of [one, two]) {
      client.requestSubscribe(channel);
      await client.next('pusher_internal:subscription_succeeded');
      await client.next('pusher_internal:subscription_count');
    }
    client.requestSubscribe('#server-to-user-lister');
    await client.next('pusher_internal:subscription_succeeded');
    const api = t.api();
    await api.published('list-cache-empty', 'x', '1');
    assert.deepEqual((await api.get('/channels', { filter_by_prefix: 'list-' })).json, {
      channels: { [one]: {}, [two]: {} },
    });
    assert.deepEqual((await api.get('/channels', { filter_by_prefix: 'list-b-' })).json, { channels: { [two]: {} } });
    const all = (await api.get('/channels')).json.channels;
    assert.ok(one in all && two in all);
    assert.deepEqual(
      Object.keys(all).filter((name) => name.startsWith('#')),
      [],
    );
  });

  test('REF 9.5 no channels: an empty object', async (t) => {
    const answer = await t.api().get('/channels', { filter_by_prefix: 'nothing-has-this-prefix' });
    assert.deepEqual([answer.status, answer.text], [200, '{"channels":{}}']);
  });

  test('REF 9.5 channels with user_count, distinct users, for presence prefixes only', async (t) => {
    const [one, two, three] = await Promise.all([t.open(), t.open(), t.open()]);
    const channel = t.channel('presence-count-');
    await one.join(channel, 'u1');
    await two.join(channel, 'u1');
    await three.join(channel, 'u2');
    const api = t.api();
    assert.deepEqual((await api.get('/channels', { filter_by_prefix: 'presence-count-', info: 'user_count' })).json, {
      channels: { [channel]: { user_count: 2 } },
    });
    bad(await api.get('/channels', { info: 'user_count' }));
    bad(await api.get('/channels', { filter_by_prefix: 'presence', info: 'user_count' }));
    bad(
      await api.get('/channels', { filter_by_prefix: 'presence-', info: 'color' }),
      'info should be a comma separated list',
    );
    bad(
      await api.get('/channels', { filter_by_prefix: 'presence-', info: 'subscription_count' }),
      'info should be a comma separated list',
    );
  });

  test('REF 9.5 a channel: occupied, and only what was asked', async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await one.join(channel, 'u1');
    await two.join(channel, 'u1');
    const api = t.api();
    assert.deepEqual((await api.get(`/channels/${channel}`)).json, { occupied: true });
    assert.deepEqual((await api.get(`/channels/${channel}`, { info: 'user_count' })).json, {
      occupied: true,
      user_count: 1,
    });
    assert.deepEqual((await api.get(`/channels/${channel}`, { info: 'user_count,subscription_count' })).json, {
      occupied: true,
      user_count: 1,
      subscription_count: 2,
    });
  });

  test('REF 9.5 an unoccupied channel: 200 occupied false, never 404', async (t) => {
    const answer = await t.api().get('/channels/empty-one');
    assert.deepEqual([answer.status, answer.json], [200, { occupied: false }]);
  });

  test('REF 9.2 user_count on a channel that is not presence: 400 with the hosted text', async (t) => {
    bad(
      await t.api().get('/channels/orders', { info: 'user_count' }),
      'Cannot retrieve the user count unless the channel is a presence channel',
    );
  });

  test('REF 9.5 cache of a channel that does not cache, and unknown attributes: 400', async (t) => {
    bad(await t.api().get('/channels/orders', { info: 'cache' }));
    bad(
      await t.api().get('/channels/orders', { info: 'color' }),
      'info should be a comma separated list of attributes',
    );
  });

  test('REF 9.5 subscription_count for an app that does not count: 400', async (t) => {
    bad(await t.api(t.appNamed('demo')).get('/channels/orders', { info: 'subscription_count' }));
  });

  test('REF 9.5 an invalid channel name: 400', async (t) => {
    bad(await t.api().get('/channels/a:b'), 'Invalid channel name');
  });

  test('REF 9.5 users: distinct, ids as strings', async (t) => {
    const [one, two, three] = await Promise.all([t.open(), t.open(), t.open()]);
    const channel = t.channel('presence-room-');
    await one.join(channel, 7);
    await two.join(channel, '7');
    await three.join(channel, 'u9');
    const { json } = await t.api().get(`/channels/${channel}/users`);
    assert.deepEqual(
      json.users.sort((a, b) => (a.id < b.id ? -1 : 1)),
      [{ id: '7' }, { id: 'u9' }],
    );
  });

  test('REF 9.5 and 16.12 users of an empty presence channel: 200 and an empty list', async (t) => {
    const answer = await t.api().get('/channels/presence-nobody/users');
    assert.deepEqual([answer.status, answer.text], [200, '{"users":[]}']);
  });

  test('REF 9.5 users of another kind of channel: 400', async (t) => {
    bad(await t.api().get('/channels/orders/users'));
  });

  test('REF 9.2 extraneous parameters are named: 400', async (t) => {
    bad(
      await t.api().get('/channels/presence-room/users', { info: 'user_count' }),
      'The following query string parameters are extraneous: info',
    );
  });

  test('REF 9.5 deprecated stats', async (t) => {
    const client = await t.open();
    const channel = t.channel('presence-room-');
    await client.join(channel, 'u1');
    const { status, json } = await t.api().get(`/channels/${channel}/stats`);
    assert.equal(status, 200);
    assert.equal(json.occupied, true);
    if ('user_count' in json) assert.equal(json.user_count, 1);
    if ('connection_count' in json) assert.equal(json.connection_count, 1);
    assert.equal((await t.api().get('/channels/orders-empty/stats')).json.occupied, false);
  });

  test('REF 9.5 what has left is gone from the answers at once', async (t) => {
    const client = await t.open();
    const channel = t.channel('presence-room-');
    await client.join(channel, 'u1');
    client.send('pusher:unsubscribe', { channel });
    await client.quiet();
    const deadline = Date.now() + 2_000;
    let answer;
    do {
      answer = (await t.api().get(`/channels/${channel}`)).json;
    } while (answer.occupied && Date.now() < deadline);
    assert.deepEqual(answer, { occupied: false });
    assert.deepEqual((await t.api().get(`/channels/${channel}/users`)).json, { users: [] });
  });

  test("REF 6.6 Python's terminate path without /apps/{id}: the app is found by its key", async (t) => {
    const client = await t.open();
    await client.signin({ id: 'python-user' });
    const answer = await t.api().send('POST', '/users/python-user/terminate_connections', { root: true, body: '{}' });
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    await client.closedWith(4009);
  });
});
