// REF 3.9: the last published event of a cache channel.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { demoApp, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [demoApp(), namedApp('brief', { cache_ttl_seconds: 2 })];
const kKinds = ['cache-', 'private-cache-', 'private-encrypted-cache-', 'presence-cache-'];
const join = (channel) => (channel.startsWith('presence-') ? { channelData: '{"user_id":"u1"}' } : {});

suite('REF 3.9 cache channels', { apps }, (test) => {
  for (const kind of kKinds) {
    test(`REF 3.9 and 16.9 ${kind}*: miss, then the last event, right after subscription_succeeded`, async (t) => {
      const [one, two] = await Promise.all([t.open(), t.open()]);
      const channel = t.channel(kind);
      await one.subscribe(channel, join(channel));
      assert.equal((await one.next('pusher:cache_miss', channel)).data, '{}');
      await t.api().published(channel, 'price', '"one"');
      await t.api().published(channel, 'price', '{"nonce":"a","ciphertext":"b"}');
      await one.next('price', channel);
      assert.deepEqual(await one.next('price', channel), {
        event: 'price',
        channel,
        data: '{"nonce":"a","ciphertext":"b"}',
      });
      await two.subscribe(channel, join(channel));
      assert.deepEqual(await two.next('price', channel), {
        event: 'price',
        channel,
        data: '{"nonce":"a","ciphertext":"b"}',
      });
      await two.quiet();
    });
  }

  test('REF 3.9 an event published to nobody is kept, and survives the channel being vacated', async (t) => {
    const channel = t.channel('cache-price-');
    await t.api().published(channel, 'price', '1');
    for (let round = 0; round < 2; round += 1) {
      const client = await t.open();
      await client.subscribe(channel);
      await client.next('price', channel);
      await client.leave();
    }
  });

  test('REF 3.9 batch events are cached', async (t) => {
    const channel = t.channel('cache-price-');
    const answer = await t.api().post('/batch_events', {
      batch: [
        { name: 'price', channel, data: '1' },
        { name: 'price', channel, data: '2' },
      ],
    });
    assert.equal(answer.status, 200);
    const client = await t.open();
    await client.subscribe(channel);
    assert.equal((await client.next('price', channel)).data, '2');
  });

  test('REF 3.9 and 16.9 client events are not cached', async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    const channel = t.channel('private-cache-price-');
    await one.subscribe(channel);
    await one.next('pusher:cache_miss');
    one.send('client-price', { p: 1 }, channel);
    await one.quiet();
    await two.subscribe(channel);
    await two.next('pusher:cache_miss', channel);
  });

  test('REF 3.9 and 16.9 after its time to live the event is gone', async (t) => {
    const app = t.appNamed('brief');
    const channel = t.channel('cache-price-');
    await t.api(app).published(channel, 'price', '1');
    const before = await t.open(app);
    await before.subscribe(channel);
    await before.next('price', channel);
    await delay(2_100); // the time to live itself
    const after = await t.open(app);
    await after.subscribe(channel);
    await after.next('pusher:cache_miss', channel);
    const { json } = await t.api(app).get(`/channels/${channel}`, { info: 'cache' });
    assert.deepEqual(json, { occupied: true, cache: null });
  });

  test('REF 9.5 and 16.9 info=cache: the data and the seconds left, null when empty', async (t) => {
    const channel = t.channel('cache-price-');
    const empty = await t.api().get(`/channels/${channel}`, { info: 'cache' });
    assert.deepEqual(empty.json, { occupied: false, cache: null });
    await t.api().published(channel, 'price', '{"p":9}');
    const { json } = await t.api().get(`/channels/${channel}`, { info: 'cache' });
    assert.equal(json.occupied, false);
    assert.equal(json.cache.data, '{"p":9}');
    assert.ok(json.cache.ttl > 1790 && json.cache.ttl <= 1800, `ttl ${json.cache.ttl}`);
  });
});
