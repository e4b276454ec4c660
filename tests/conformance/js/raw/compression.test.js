// RFC 7692 with a client of its own making: ws, which inflates and deflates by zlib, and what it offers by itself.
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { namedApp, demoApp } from '../support/server.js';
import { request } from '../support/api.js';
import { suite } from '../support/suite.js';

const kAlways = ['--compression-cpu-percent-max', '100', '--compression-busy-percent-max', '100'];
const kOn = ['--compression-websocket', '--compression-message-bytes-min', '100', ...kAlways];
const kTakeover = ['--compression-server-context-takeover', '--compression-client-context-takeover'];

const order = (number) =>
  JSON.stringify({ number, lines: Array.from({ length: 30 }, (_, i) => ({ sku: `A-${(number + i) * 7919}`, amount: i })) });

/** A subscribed client that offers compression; knows how many bytes came over the wire. */
async function subscriber(t, channel, perMessageDeflate, app = t.app) {
  const client = await t.open(app, { perMessageDeflate });
  client.send('pusher:subscribe', { channel });
  await client.next('pusher_internal:subscription_succeeded', channel);
  client.received = () => client.socket._socket.bytesRead;
  return client;
}

async function delivered(t, channel, clients, number) {
  await t.api().published(channel, 'order', order(number));
  for (const client of clients) assert.equal((await client.next('order', channel)).data, order(number));
}

suite('RFC 7692', { apps: [demoApp(), namedApp('plain', { compression: false })], args: kOn }, (test) => {
  test('what ws offers by itself is taken; events arrive whole in fewer bytes', async (t) => {
    const channel = t.channel('deflated');
    const client = await subscriber(t, channel, true);
    assert.match(client.socket.extensions, /^permessage-deflate/);
    const plain = await subscriber(t, channel, false);
    const before = [client.received(), plain.received()];
    for (let i = 0; i < 10; i += 1) await delivered(t, channel, [client, plain], i);
    const [bytes, plainBytes] = [client.received() - before[0], plain.received() - before[1]];
    assert.ok(bytes < plainBytes / 2, `${bytes} of ${plainBytes} bytes`);
  });

  test('each combination of parameters', async (t) => {
    const channel = t.channel('deflated');
    const clients = [];
    for (const serverNoContextTakeover of [undefined, true]) {
      for (const clientNoContextTakeover of [undefined, true]) {
        for (const serverMaxWindowBits of [undefined, 9, 12, 15]) {
          for (const clientMaxWindowBits of [true, 10]) {
            const offer = { serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits };
            clients.push(await subscriber(t, channel, offer));
          }
        }
      }
    }
    for (let i = 0; i < 3; i += 1) await delivered(t, channel, clients, i);
  });

  test('what the client deflates is understood', async (t) => {
    const channel = t.channel('private-deflated');
    const sender = await t.open(t.app, { perMessageDeflate: { threshold: 0 } });
    const receiver = await t.open(t.app, { perMessageDeflate: true });
    for (const client of [sender, receiver]) await client.subscribe(channel);
    for (let i = 0; i < 5; i += 1) {
      sender.send('client-order', order(i), channel);
      assert.equal((await receiver.next('client-order', channel)).data, order(i));
    }
  });

  test('an app may go without', async (t) => {
    const client = await t.open(t.appNamed('plain'), { perMessageDeflate: true });
    assert.equal(client.socket.extensions, '');
  });

  test('metrics are gzip for who takes it', async (t) => {
    const page = await fetch(`http://${t.server.host}:${t.server.metricsPort}/metrics`, {
      headers: { 'Accept-Encoding': 'gzip' },
    });
    assert.equal(page.headers.get('content-encoding'), 'gzip');
    assert.match(await page.text(), /fanfare_deflate_connections/);
  });

  test('a client that takes no gzip gets none', async (t) => {
    const target = { host: t.server.host, port: t.server.metricsPort };
    const plain = await request(target, { method: 'GET', target: '/metrics', headers: { 'Accept-Encoding': 'identity' } });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.throws(() => gunzipSync(Buffer.from(plain.text)));
  });
});

const unlimited = demoApp({ limits: { client_events_per_second: 0 } });

suite('RFC 7692 with context takeover', { apps: [unlimited], args: [...kOn, ...kTakeover] }, (test) => {
  test('later messages refer to earlier ones, both ways', async (t) => {
    const channel = t.channel('private-deflated');
    const sender = await t.open(t.app, { perMessageDeflate: { threshold: 0 } });
    const receiver = await t.open(t.app, { perMessageDeflate: true });
    for (const client of [sender, receiver]) await client.subscribe(channel);
    assert.equal(receiver.socket.extensions, 'permessage-deflate');
    const sizes = [];
    for (let i = 0; i < 20; i += 1) {
      const before = receiver.socket._socket.bytesRead;
      sender.send('client-order', order(7), channel);
      assert.equal((await receiver.next('client-order', channel)).data, order(7));
      sizes.push(receiver.socket._socket.bytesRead - before);
    }
    assert.ok(sizes.at(-1) < sizes[0] / 5, `from ${sizes[0]} to ${sizes.at(-1)} bytes`);
  });
});
