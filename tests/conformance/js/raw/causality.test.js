// What was acknowledged is seen by whatever is done after it, though channels, connections and requests live on four loops.
import assert from 'node:assert/strict';
import { suite } from '../support/suite.js';

const kRounds = 60;

/** Runs `round` for many channels, over connections that are spread over the loops. */
async function rounds(t, prefix, round) {
  const clients = await Promise.all(Array.from({ length: 6 }, () => t.open()));
  for (let i = 0; i < kRounds; i += 1) await round(clients[i % clients.length], t.channel(prefix));
}

suite('acknowledged means done, on four loops', { server: { loops: 4 } }, (test) => {
  test('REF 3.9 publish answered, then subscribe: the cached event, no cache_miss', (t) =>
    rounds(t, 'cache-', async (client, channel) => {
      await t.api().published(channel, 'price', '1');
      await client.subscribe(channel);
      await client.next('price', channel);
    }));

  test('REF 9.3 subscribe confirmed, then publish: delivered', (t) =>
    rounds(t, 'orders-', async (client, channel) => {
      await client.subscribe(channel);
      await t.api().published(channel, 'news', '1');
      await client.next('news', channel);
    }));

  test('REF 9.3 publish answered, then subscribe: not delivered', (t) =>
    rounds(t, 'orders-', async (client, channel) => {
      await t.api().published(channel, 'missed', '1');
      await client.subscribe(channel);
      await t.api().published(channel, 'seen', '2');
      await client.next('seen', channel);
    }));

  test('REF 9.5 joined, then asked for users: listed; unsubscribed, then asked: gone', (t) =>
    rounds(t, 'presence-', async (client, channel) => {
      await client.join(channel, 'u7');
      assert.deepEqual((await t.api().get(`/channels/${channel}/users`)).json, { users: [{ id: 'u7' }] });
      client.send('pusher:unsubscribe', { channel });
      await client.quiet();
      assert.deepEqual((await t.api().get(`/channels/${channel}`)).json, { occupied: false });
    }));

  test('REF 6.6 signed in, then terminated: closed', async (t) => {
    for (let i = 0; i < 20; i += 1) {
      const client = await t.open();
      await client.signin({ id: `causal-${i}` });
      await t.api().post(`/users/causal-${i}/terminate_connections`, {});
      await client.closedWith(4009);
    }
  });

  test('REF 9.3 200 publishes at once: every subscriber sees one order', async (t) => {
    const clients = await Promise.all(Array.from({ length: 12 }, () => t.open()));
    const channel = t.channel('orders-');
    for (const client of clients) await client.subscribe(channel);
    await Promise.all(Array.from({ length: 200 }, (_, i) => t.api().published(channel, 'news', String(i))));
    await Promise.all(clients.map((client) => client.until(() => client.frames.length === 200, '200 events')));
    assert.equal(new Set(clients.map((client) => client.frames.join('\n'))).size, 1);
  });
});
