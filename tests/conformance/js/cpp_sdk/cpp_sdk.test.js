// The C++ SDK beside the official Node SDK, and with stock pusher-js clients.
import assert from 'node:assert/strict';
import PusherServer from 'pusher';
import { BridgeError, CppSdk } from '../support/cpp_sdk.js';
import { Client, kClients, serverSdk } from '../support/pusher_client.js';
import { kKey, kSecret } from '../support/server.js';
import { suite } from '../support/suite.js';

const kSocket = '218.4471';
const skip = process.env.FANFARE_SDK_BRIDGE ? false : 'FANFARE_SDK_BRIDGE names no program of the C++ SDK';

const cpp = (t) => new CppSdk(t.server, t.app);
const node = (t) => serverSdk(t.server, t.app);

for (const { version, Pusher } of kClients) {
  suite(`C++ SDK with pusher-js ${version}`, {}, (test) => {
    for (const kind of ['private-encrypted-cpp-', 'private-encrypted-cache-cpp-']) {
      test(`REF 7 ${kind}*: what the SDK encrypts, a stock client decrypts`, async (t) => {
        const client = await Client.connect(t, Pusher, { sdk: cpp(t) });
        const name = t.channel(kind);
        const { events } = await client.subscribe(name);
        cpp(t).trigger(name, 'secret', { msg: 'hi é', n: [1, null] });
        assert.deepEqual(await events.next('secret'), { msg: 'hi é', n: [1, null] });
      }, { skip });
    }

    test('REF 7 a batch mixes encrypted and plain channels', async (t) => {
      const client = await Client.connect(t, Pusher, { sdk: cpp(t) });
      const [secret, plain] = [t.channel('private-encrypted-cpp-'), t.channel('cpp-')];
      const closed = await client.subscribe(secret);
      const open = await client.subscribe(plain);
      cpp(t).triggerBatch([[secret, 'a', { n: 1 }], [plain, 'b', { n: 2 }]]);
      assert.deepEqual(await closed.events.next('a'), { n: 1 });
      assert.deepEqual(await open.events.next('b'), { n: 2 });
    }, { skip });

    test('REF 7 one SDK signs, the other encrypts', async (t) => {
      for (const [signer, sender] of [[cpp(t), node(t)], [node(t), cpp(t)]]) {
        const client = await Client.connect(t, Pusher, { sdk: signer });
        const name = t.channel('private-encrypted-cpp-');
        const { events } = await client.subscribe(name);
        await sender.trigger(name, 'secret', { from: 'the other' });
        assert.deepEqual(await events.next('secret'), { from: 'the other' });
      }
    }, { skip });

    test('REF 3.4, 6.1 presence and sign-in with its signatures', async (t) => {
      const client = await Client.connect(t, Pusher, {
        sdk: cpp(t),
        user: { id: 'u-cpp', user_info: { name: 'Zoë' } },
        member: { user_id: 'u-cpp', user_info: { name: 'Zoë "Z"' } },
      });
      const { confirmed } = await client.subscribe(t.channel('presence-cpp-'));
      assert.deepEqual(confirmed.me, { id: 'u-cpp', info: { name: 'Zoë "Z"' } });
      client.pusher.signin();
      await client.pusher.user.signinDonePromise;
      assert.equal(client.pusher.user.user_data.id, 'u-cpp');
    }, { skip });
  });
}

suite('C++ SDK beside pusher (Node server SDK) 5.3.4', {}, (test) => {
  test('REF 3.4, 6.1, 7 both answer auth endpoints alike', (t) => {
    for (const channel of ['private-a', 'private-encrypted-a', 'private-cache-a@b,c;d=e.f', 'presence-a']) {
      assert.deepEqual(cpp(t).authorizeChannel(kSocket, channel), node(t).authorizeChannel(kSocket, channel));
    }
    const member = { user_id: 'u7', user_info: { name: 'Zoë "Z" \\ \n', list: [1, true, null] } };
    assert.deepEqual(
      cpp(t).authorizeChannel(kSocket, 'presence-a', member),
      node(t).authorizeChannel(kSocket, 'presence-a', member),
    );
    const user = { id: 'u7', user_info: { name: 'Zoë' }, watchlist: ['u8'], more: 1 };
    assert.deepEqual(cpp(t).authenticateUser(kSocket, user), node(t).authenticateUser(kSocket, user));
  }, { skip });

  test('REF 11 both refuse what would sign something else', (t) => {
    for (const [socket, channel] of [['1.2:a', 'private-a'], ['1', 'private-a'], ['1.2', 'private-a:b'], ['1.2', '']]) {
      assert.throws(() => node(t).authorizeChannel(socket, channel));
      assert.throws(() => cpp(t).authorizeChannel(socket, channel), BridgeError);
    }
  }, { skip });

  const webhookBody = (time = Date.now()) =>
    JSON.stringify({
      time_ms: time,
      events: [
        { name: 'channel_occupied', channel: 'orders' },
        { name: 'client_event', channel: 'presence-é', event: 'client-x', data: '{"n":1}', socket_id: '1.2', user_id: 'u7' },
      ],
    });

  test('REF 10 a webhook signed with the official token is valid here', (t) => {
    const body = webhookBody();
    const signature = new PusherServer.Token(kKey, kSecret).sign(body);
    assert.deepEqual(cpp(t).webhook(kKey, signature, body), ['channel_occupied', 'client_event']);
  }, { skip });

  test('REF 10 a webhook signed here is valid to the official SDK', (t) => {
    const body = webhookBody();
    const webhook = node(t).webhook({
      headers: {
        'x-pusher-key': kKey,
        'x-pusher-signature': cpp(t).signWebhook(body),
        'content-type': 'application/json',
      },
      rawBody: body,
    });
    assert.ok(webhook.isValid());
    assert.equal(webhook.getEvents().length, 2);
  }, { skip });

  test('REF 10 forged and old webhooks are not', (t) => {
    const body = webhookBody();
    const refused = (kind, key, signature, sent) =>
      assert.throws(() => cpp(t).webhook(key, signature, sent), (error) => error.kind === kind);
    refused('unauthorized', kKey, new PusherServer.Token(kKey, 'wrong').sign(body), body);
    refused('unauthorized', 'other', cpp(t).signWebhook(body), body);
    refused('unauthorized', kKey, cpp(t).signWebhook(body), `${body} `);
    const old = webhookBody(Date.now() - 10 * 60 * 1000);
    refused('expired', kKey, cpp(t).signWebhook(old), old);
  }, { skip });
});
