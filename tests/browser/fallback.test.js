// pusher-js's web build in a real browser: each HTTP transport by itself, and what it does where the network breaks
// WebSockets. Source: REF 8
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import nacl from 'tweetnacl';
import { chromium } from 'playwright-core';
import { Api } from './support/api.js';
import { kCut, kCutLate, kPass, kRefuse, kSwallow, Network } from './support/network.js';
import { credentials, demoApp, startServer } from './support/server.js';
import { sharedSecret, Site } from './support/site.js';
import { Tab } from './support/tab.js';

const kAll = ['ws', 'xhr_streaming', 'xhr_polling'];
const kTimeout = { timeout: 180_000 };
const app = demoApp({ limits: { event_data_bytes: 1_000_000, send_queue_bytes: 16_777_216 } });

let browser;
let site;

before(async () => {
  site = await Site.open(app);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
});
after(async () => {
  await browser?.close();
  site?.close();
});

/** Server, network and tabs of one test, closed behind it. */
async function scene(websockets, body) {
  const opened = [];
  const start = async () => {
    const server = await startServer({ apps: [app], server: { loops: 2, sockjs_scripts: [`${site.origin}/`] } });
    opened.push(() => server.close());
    return server;
  };
  try {
    const server = await start();
    const network = await Network.open(server, websockets);
    opened.push(() => network.close());
    await body({
      server,
      network,
      start,
      api: (of = server) => new Api({ host: '127.0.0.1', port: of.port }, credentials(app)),
      tab: async (transports, options = {}) => {
        const tab = await Tab.open(browser, site, options.version);
        opened.push(async () => {
          assert.deepEqual(tab.strays(), []);
          await tab.close();
        });
        return tab.start(network, transports, options);
      },
    });
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

function encrypted(channel, data) {
  const nonce = randomBytes(24);
  const box = nacl.secretbox(Buffer.from(JSON.stringify(data)), nonce, sharedSecret(channel));
  return JSON.stringify({ nonce: nonce.toString('base64'), ciphertext: Buffer.from(box).toString('base64') });
}

for (const transport of ['xhr_streaming', 'xhr_polling', 'sockjs']) {
  describe(`${transport} alone`, () => {
    it('carries public, private, presence and encrypted channels and client events', kTimeout, () =>
      scene(kPass, async ({ api, tab, network }) => {
        const one = await tab([transport], { user: 'one' });
        const other = await tab([transport], { user: 'other' });
        for (const each of [one, other]) {
          await each.connected();
          assert.equal(await each.transport(), transport);
        }
        for (const channel of ['public', 'private-a', 'private-encrypted-a']) {
          await one.subscribe(channel);
        }
        await one.subscribe('presence-a');
        await other.subscribe('presence-a');
        await one.received('presence-a', 'pusher:member_added', 1);
        assert.deepEqual(await other.events('presence-a', 'pusher:subscription_succeeded'), [2]);

        await api().published('public', 'e', JSON.stringify({ text: 'ä € 😀 \u2028 100%20 </script>' }));
        assert.deepEqual(await one.received('public', 'e', 1), [{ text: 'ä € 😀 \u2028 100%20 </script>' }]);
        await api().published('private-a', 'e', JSON.stringify({ n: 1 }));
        assert.deepEqual(await one.received('private-a', 'e', 1), [{ n: 1 }]);
        await api().published('private-encrypted-a', 'e', encrypted('private-encrypted-a', { secret: true }));
        assert.deepEqual(await one.received('private-encrypted-a', 'e', 1), [{ secret: true }]);

        await other.evaluate(() => pusher.channel('presence-a').trigger('client-hello', { from: 'other' }));
        assert.deepEqual(await one.received('presence-a', 'client-hello', 1), [{ from: 'other' }]);
        await other.evaluate(() => pusher.disconnect());
        await one.received('presence-a', 'pusher:member_removed', 1);
        assert.equal(network.counts.websocket, 0);
      }));

    it('brings large and many events whole and in order', kTimeout, () =>
      scene(kPass, async ({ api, tab, server }) => {
        const one = await tab([transport]);
        await one.connected();
        await one.subscribe('public');
        const socketId = await one.socketId();
        // More than a stream of pusher-js has before it is given up for the next one, several times.
        const count = 60;
        for (let n = 0; n < count; n += 1) {
          await api().published('public', 'e', JSON.stringify({ n, text: 'ä'.repeat(10_000) }));
        }
        await api().published('public', 'e', JSON.stringify({ n: count, text: 'ä'.repeat(200_000) }));
        const events = await one.received('public', 'e', count + 1);
        assert.deepEqual(
          events.map(({ n }) => n),
          Array.from({ length: count + 1 }, (_, n) => n),
        );
        assert.ok(events.every(({ n, text }) => text === 'ä'.repeat(n === count ? 200_000 : 10_000)));
        // The same connection all along.
        assert.equal(await one.socketId(), socketId);
        const metrics = await (await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`)).text();
        assert.match(metrics, /fanfare_session_connections 1\n/);
      }));

    it('comes back after a restart of the server', kTimeout, () =>
      scene(kPass, async ({ api, tab, server, network, start }) => {
        const one = await tab([transport]);
        await one.connected();
        await one.subscribe('private-a');
        const socketId = await one.socketId();
        const next = await start();
        network.turnTo(next);
        await server.stop();
        await one.subscribed('private-a', 2);
        assert.notEqual(await one.socketId(), socketId);
        await api(next).published('private-a', 'e', '"again"');
        assert.deepEqual(await one.received('private-a', 'e', 1), ['again']);
      }));
  });
}

async function fallsBack(one, network, api) {
  await one.connected();
  assert.match(await one.transport(), /^xhr_(streaming|polling)$/);
  assert.ok(network.counts.websocket > 0);
  await one.subscribe('private-a');
  await api().published('private-a', 'e', '"over HTTP"');
  assert.deepEqual(await one.received('private-a', 'e', 1), ['over HTTP']);
}

async function isOnWebSocket(one, api) {
  await one.connected();
  await one.until(async () => (await one.transport()) === 'ws', 'a WebSocket');
  await api().published('private-a', 'e', '"over a WebSocket"');
  await one.until(async () => (await one.events('private-a', 'e')).at(-1) === 'over a WebSocket', 'an event');
}

for (const [how, title] of [
  [kRefuse, 'the upgrade is refused'],
  [kSwallow, 'frames are swallowed'],
  [kCutLate, 'frames are swallowed and the connection is cut'],
]) {
  it(`falls back where ${title}, and returns to WebSockets`, kTimeout, () =>
    scene(how, async ({ api, tab, network }) => {
      const one = await tab(kAll);
      await fallsBack(one, network, api);
      if (how === kCutLate) {
        await one.until(async () => network.counts.cut > 0, 'the end of the WebSocket');
        await api().published('private-a', 'e', '"still over HTTP"');
        await one.received('private-a', 'e', 2);
        assert.match(await one.transport(), /^xhr_/);
      }
      // The network is well again: at the next connect pusher-js takes the WebSocket, though it remembers HTTP.
      network.websockets = kPass;
      await one.evaluate(() => {
        pusher.disconnect();
        pusher.connect();
      });
      await one.connected();
      await one.subscribed('private-a', 2);
      await isOnWebSocket(one, api);
    }));
}

// pusher-js 7 gives WebSockets up for the page after two that were cut, and remembers HTTP for half an hour.
it('falls back with pusher-js 7 where the connection is cut at once, and returns half an hour later', kTimeout, () =>
  scene(kCut, async ({ api, tab, network }) => {
    const one = await tab(kAll, { version: 7 });
    await fallsBack(one, network, api);
    network.websockets = kPass;
    await one.evaluate(() => {
      const kHalfAnHourMs = 31 * 60 * 1000;
      const remembered = JSON.parse(localStorage.pusherTransportNonTLS);
      remembered.timestamp -= kHalfAnHourMs;
      localStorage.pusherTransportNonTLS = JSON.stringify(remembered);
    });
    await one.page.reload();
    await one.start(network, kAll);
    await one.connected();
    await one.subscribe('private-a');
    await isOnWebSocket(one, api);
  }));

// pusher-js 8 would try WebSockets for ever, each within the time that HTTP waits for: docs/fallbacks.md has what a page
// does about it.
it('falls back with pusher-js 8 where the connection is cut at once, by the recipe of the documentation', kTimeout, () =>
  scene(kCut, async ({ api, tab, network }) => {
    const one = await tab(kAll);
    await one.evaluate(() => {
      let failures = 0;
      pusher.connection.bind('error', () => {
        failures += 1;
        if (failures !== 3 || pusher.connection.socket_id) return;
        pusher.disconnect();
        start(pusher.key, { ...options, enabledTransports: ['xhr_streaming', 'xhr_polling'] });
      });
    });
    await fallsBack(one, network, api);
  }));

it('stays where nothing happens for longer than a heartbeat', kTimeout, () =>
  scene(kPass, async ({ tab }) => {
    const tabs = [await tab(['xhr_streaming']), await tab(['xhr_polling'])];
    for (const one of tabs) await one.connected();
    const ids = await Promise.all(tabs.map((one) => one.socketId()));
    await delay(32_000);
    assert.deepEqual(await Promise.all(tabs.map((one) => one.socketId())), ids);
    for (const one of tabs) assert.equal(await one.state(), 'connected');
  }));
