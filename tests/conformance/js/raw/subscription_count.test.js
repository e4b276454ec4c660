// REF 4.4: pusher_internal:subscription_count, for apps that ask for it.
import assert from 'node:assert/strict';
import { namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [namedApp('counting', { subscription_count: true }), namedApp('silent')];

const count = async (client, channel) => {
  const frame = await client.next('pusher_internal:subscription_count', channel);
  assert.equal(typeof frame.data, 'string');
  return JSON.parse(frame.data);
};

suite('REF 4.4 subscription counts', { apps }, (test) => {
  for (const kind of ['orders-', 'private-orders-', 'private-encrypted-vault-', 'cache-price-']) {
    test(`REF 4.4 ${kind}*: told on each subscribe and unsubscribe, to the newcomer too`, async (t) => {
      const [one, two] = await Promise.all([t.open(), t.open()]);
      const channel = t.channel(kind);
      await one.subscribe(channel);
      if (kind.startsWith('cache-')) await one.next('pusher:cache_miss');
      assert.deepEqual(await count(one, channel), { subscription_count: 1 });
      await two.subscribe(channel);
      if (kind.startsWith('cache-')) await two.next('pusher:cache_miss');
      assert.deepEqual(await count(two, channel), { subscription_count: 2 });
      assert.deepEqual(await count(one, channel), { subscription_count: 2 });
      two.send('pusher:unsubscribe', { channel });
      assert.deepEqual(await count(one, channel), { subscription_count: 1 });
      await two.quiet();
    });
  }

  test('REF 4.4 never on presence channels', async (t) => {
    const client = await t.open();
    const channel = t.channel('presence-room-');
    await client.join(channel, 'u1');
    await t.api().published(channel, 'after', '1');
    await client.next('after', channel);
  });

  test('REF 4.4 off by default', async (t) => {
    const app = t.appNamed('silent');
    const client = await t.open(app);
    const channel = t.channel('orders-');
    await client.subscribe(channel);
    await t.api(app).published(channel, 'after', '1');
    await client.next('after', channel);
  });

  test('REF 4.4 above 100 subscribers: at most every 5 s, and the last change is told', async (t) => {
    const channel = t.channel('orders-');
    const watcher = await t.open();
    await watcher.subscribe(channel);
    const crowd = await Promise.all(Array.from({ length: 119 }, () => t.open()));
    for (const one of crowd) one.requestSubscribe(channel);
    await Promise.all(crowd.map((one) => one.next('pusher_internal:subscription_succeeded', channel)));
    let last = 0;
    let told = 0;
    while (last < 120) {
      last = (await count(watcher, channel)).subscription_count;
      told += 1;
    }
    assert.equal(last, 120);
    assert.ok(told <= 102, `told ${told} times: every one up to 100, then the throttled ones`);
  });
});
