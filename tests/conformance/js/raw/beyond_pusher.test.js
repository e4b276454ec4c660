// Issue 4, "Beyond Pusher": kick, and Idempotency-Key.
import assert from 'node:assert/strict';
import { demoApp, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [demoApp(), namedApp('other')];

suite('issue 4 beyond Pusher', { apps }, (test) => {
  test("kick removes all of a user's connections from the one channel, and leaves them connected", async (t) => {
    const [watcher, tab1, tab2, stays] = await Promise.all([t.open(), t.open(), t.open(), t.open()]);
    const [room, other] = [t.channel('presence-room-'), t.channel('presence-room-')];
    await watcher.join(room, 'w');
    for (const tab of [tab1, tab2]) {
      await tab.join(room, 'u7');
      await tab.join(other, 'u7');
    }
    await watcher.next('pusher_internal:member_added');
    await stays.join(room, 'u9');
    await watcher.next('pusher_internal:member_added');
    const answer = await t.api().post(`/channels/${room}/users/u7/kick`, {});
    assert.equal(answer.status, 200, answer.text);
    const removed = await watcher.next('pusher_internal:member_removed', room);
    assert.deepEqual(JSON.parse(removed.data), { user_id: 'u7' });
    assert.deepEqual((await t.api().get(`/channels/${room}/users`)).json.users.map((user) => user.id).sort(), [
      'u9',
      'w',
    ]);
    await t.api().published(other, 'news', '1');
    for (const tab of [tab1, tab2]) {
      // The kicked one may be told; it still gets what its other channels carry.
      await tab.until(() => tab.frames.some((text) => JSON.parse(text).event === 'news'), 'event of the other channel');
      assert.equal(tab.end, undefined);
    }
  });

  test('kick: the old auth is refused for a while, and the connection stays', async (t) => {
    const client = await t.open();
    const channel = t.channel('presence-room-');
    const channelData = '{"user_id":"u7"}';
    const auth = client.requestSubscribe(channel, { channelData });
    await client.next('pusher_internal:subscription_succeeded');
    assert.equal((await t.api().post(`/channels/${channel}/users/u7/kick`, {})).status, 200);
    const removed = `Removed from channel ${channel} by the application`;
    await client.nextError(removed);
    client.requestSubscribe(channel, { channelData, auth });
    await client.nextError(`${removed}: this auth is refused`);
    await client.quiet();
  });

  test('kick of nobody is fine; of a channel that is not presence, or wrongly signed, it is refused', async (t) => {
    assert.equal((await t.api().post(`/channels/${t.channel('presence-room-')}/users/u7/kick`, {})).status, 200);
    assert.equal((await t.api().post('/channels/presence-x/users/u7/kick', {}, { signature: '00' })).status, 401);
  });

  test('Idempotency-Key: a repeated publish is answered as the first, and publishes nothing', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    const headers = { 'Idempotency-Key': `key-${channel}` };
    for (let i = 0; i < 3; i += 1) {
      const answer = await t.api().post('/events', { name: 'news', channel, data: '1' }, { headers });
      assert.deepEqual([answer.status, answer.text], [200, '{}']);
    }
    await t.api().published(channel, 'after', '2');
    await client.next('news', channel);
    await client.next('after', channel);
  });

  test('Idempotency-Key: two at once publish once', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    const headers = { 'Idempotency-Key': `key-${channel}` };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => t.api().post('/events', { name: 'news', channel, data: '1' }, { headers })),
    );
    assert.deepEqual(
      answers.map((answer) => answer.status),
      Array(8).fill(200),
    );
    await t.api().published(channel, 'after', '2');
    await client.next('news', channel);
    await client.next('after', channel);
  });

  test("Idempotency-Key on batches, with the first answer's info", async (t) => {
    const client = await t.open();
    const channel = t.channel('presence-room-');
    await client.join(channel, 'u1');
    const headers = { 'Idempotency-Key': `key-${channel}` };
    const body = { batch: [{ name: 'news', channel, data: '1', info: 'user_count' }] };
    const first = await t.api().post('/batch_events', body, { headers });
    const second = await t.api().post('/batch_events', body, { headers });
    assert.deepEqual(first.json, { batch: [{ user_count: 1 }] });
    assert.equal(second.text, first.text);
    await t.api().published(channel, 'after', '2');
    await client.next('news', channel);
    await client.next('after', channel);
  });

  test('Idempotency-Key: one of more than 255 bytes is refused, and nothing published', async (t) => {
    const headers = { 'Idempotency-Key': 'k'.repeat(256) };
    assert.equal(
      (await t.api().post('/events', { name: 'news', channel: 'orders', data: '1' }, { headers })).status,
      400,
    );
  });

  test('Idempotency-Key: another key, and another app, publish anew', async (t) => {
    const other = t.appNamed('other');
    const channel = t.channel('orders-');
    const [client, stranger] = await Promise.all([t.open(), t.open(other)]);
    await client.subscribe(channel);
    await stranger.subscribe(channel);
    const event = { name: 'news', channel, data: '1' };
    for (const key of ['one', 'two']) {
      await t.api().post('/events', event, { headers: { 'Idempotency-Key': `${key}-${channel}` } });
      await client.next('news', channel);
    }
    await t.api(other).post('/events', event, { headers: { 'Idempotency-Key': `one-${channel}` } });
    await stranger.next('news', channel);
  });
});
