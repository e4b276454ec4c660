// REF 1: who gets in, what is said first, and how a refusal is delivered.
import assert from 'node:assert/strict';
import { kKey, demoApp, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [
  demoApp(),
  namedApp('disabled', { enabled: false }),
  namedApp('tls', { tls_only: true }),
  namedApp('lenient', { allow_missing_protocol: true }),
  namedApp('small', { limits: { connections: 1 } }),
  namedApp('small5', { limits: { connections: 1 } }),
  namedApp('crowded', { limits: { connections_per_address: 1 } }),
  namedApp('origins', { allowed_origins: ['https://shop.example', '*.trusted.example'] }),
  namedApp('escaped', { keys: [{ key: 'a=key@example', secret: 's' }] }),
  namedApp('rotated', {
    keys: [
      { key: 'old', secret: 's1' },
      { key: 'new', secret: 's2' },
      { key: 'gone', secret: 's3', enabled: false },
    ],
  }),
];
const kUnknownKey = 'App key nobody not in this cluster. Did you forget to specify the cluster?';

suite('REF 1 connecting', { apps }, (test) => {
  test('REF 1.5 and 16.2 connection_established: string data, socket_id of two integers, activity_timeout 120', async (t) => {
    const client = await t.open();
    assert.equal(typeof client.established.data, 'string');
    assert.equal('channel' in client.established, false);
    const data = JSON.parse(client.established.data);
    assert.match(data.socket_id, /^(0|[1-9]\d*)\.(0|[1-9]\d*)$/);
    assert.equal(data.activity_timeout, 120);
  });

  test('REF 1.5 socket ids are unique', async (t) => {
    const clients = await Promise.all(Array.from({ length: 30 }, () => t.open()));
    assert.equal(new Set(clients.map((client) => client.socketId)).size, 30);
  });

  test('REF 1.1 a path prefix may precede /app/KEY', async (t) => {
    const client = t.attempt({ path: `/some/deep/prefix/app/${kKey}` });
    await client.next('pusher:connection_established');
  });

  test('REF 1.1 the key is percent-decoded', async (t) => {
    const client = t.attempt({ path: `/app/${encodeURIComponent('a=key@example')}` });
    await client.next('pusher:connection_established');
  });

  test('REF 1.1 unknown query parameters are ignored, in any order', async (t) => {
    const client = t.attempt({ path: `/app/${kKey}`, query: { zebra: '1', '': '2', ünï: 'cödé' } });
    await client.next('pusher:connection_established');
  });

  test('REF 1.1 an offered subprotocol is echoed, as Swift needs', async (t) => {
    const client = t.attempt({ key: kKey, subprotocols: ['pusher-channels-protocol-7'] });
    await client.next('pusher:connection_established');
    assert.equal(client.socket.protocol, 'pusher-channels-protocol-7');
  });

  test('REF 1.1 no subprotocol is sent that was not offered', async (t) => {
    const client = await t.open();
    assert.equal(client.socket.protocol, '');
  });

  test('REF 1.1 an offer of permessage-deflate does not stand in the way', async (t) => {
    const client = await t.open(t.app, { perMessageDeflate: true });
    await client.quiet();
  });

  for (const protocol of ['4', '5', '6', '7']) {
    test(`REF 1.3 protocol ${protocol} is served`, async (t) => {
      const client = await t.open(t.app, { protocol });
      await client.quiet();
    });
  }

  test('REF 1.3 path is not /app/KEY: 4005', async (t) => {
    await t.attempt({ path: '/nothing/here' }).closedWith(4005);
  });

  test('REF 1.3 protocol missing: 4008, with the error event first (REF 1.4)', async (t) => {
    const client = t.attempt({ key: kKey, protocol: null });
    const frame = await client.next('pusher:error');
    assert.equal(frame.data.code, 4008);
    await client.closedWith(4008);
  });

  test('REF 1.3 protocol missing, app lenient: served as 7', async (t) => {
    const client = t.attempt({ key: 'key-lenient', protocol: null });
    await client.next('pusher:connection_established');
  });

  test('REF 1.3 protocol not an integer: 4006', async (t) => {
    await t.attempt({ key: kKey, protocol: 'seven' }).closedWith(4006);
  });

  for (const protocol of ['0', '3', '8']) {
    test(`REF 1.3 protocol ${protocol}: 4007`, async (t) => {
      await t.attempt({ key: kKey, protocol }).closedWith(4007, /Unsupported protocol version/i);
    });
  }

  test('REF 1.3 and 16.1 unknown key, protocol 7: 101, then only the close frame with 4001', async (t) => {
    const client = t.attempt({ key: 'nobody' });
    await client.closedWith(4001, kUnknownKey);
    assert.deepEqual(client.frames, []);
  });

  test('REF 1.4 and 16.1 unknown key, protocol 5: error event with object data first, then 4001', async (t) => {
    const client = t.attempt({ key: 'nobody', protocol: 5 });
    const frame = await client.next('pusher:error');
    assert.deepEqual(frame.data, { code: 4001, message: kUnknownKey });
    await client.closedWith(4001, kUnknownKey);
  });

  test('REF 1.4 a long unknown key is shortened in the reason, which stays within its 123 bytes', async (t) => {
    const end = await t.attempt({ key: 'k'.repeat(3_000) }).closedWith(4001, /^App key k+.* not in this cluster/);
    assert.ok(Buffer.byteLength(end.reason) <= 123);
  });

  test('REF 1.3 disabled app: 4003', async (t) => {
    await t.attempt({ key: 'key-disabled' }).closedWith(4003);
  });

  test('REF 1.3 TLS-only app over ws://: 4000', async (t) => {
    await t.attempt({ key: 'key-tls' }).closedWith(4000, /wss:/);
  });

  test('REF 1.3 over the connection quota: 4004, and a place given back is free again', async (t) => {
    const app = t.appNamed('small');
    const first = await t.open(app);
    await t.attempt({ key: 'key-small' }).closedWith(4004, 'Account over quota');
    await first.leave();
    await t.openWhenFree(app);
  });

  test('REF 1.4 over quota, protocol 5: the error event of the hosted service', async (t) => {
    await t.open(t.appNamed('small5'));
    const client = t.attempt({ key: 'key-small5', protocol: 5 });
    const frame = await client.next('pusher:error');
    assert.deepEqual(frame, { event: 'pusher:error', data: { code: 4004, message: 'Account over quota' } });
    await client.closedWith(4004);
  });

  test('issue 5 over the limit of connections of one address: refused with a Pusher code, others unharmed', async (t) => {
    const first = await t.open(t.appNamed('crowded'));
    const end = await t.attempt({ key: 'key-crowded' }).closed();
    assert.ok([4004, 4100].includes(end.code), `closed with ${end.code}`);
    await first.quiet();
  });

  test('REF 1.1 an origin off the list: 4009', async (t) => {
    await t.attempt({ key: 'key-origins', origin: 'https://evil.example' }).closedWith(4009);
    await t.attempt({ key: 'key-origins', origin: 'https://shop.example.evil.example' }).closedWith(4009);
  });

  test('REF 1.1 an origin on the list, plain or by wildcard, is let in', async (t) => {
    for (const origin of ['https://shop.example', 'https://a.trusted.example']) {
      await t.attempt({ key: 'key-origins', origin }).next('pusher:connection_established');
    }
  });

  test('issue 5 several keys: each enabled one connects, a disabled one is unknown', async (t) => {
    for (const key of ['old', 'new']) await t.attempt({ key }).next('pusher:connection_established');
    await t.attempt({ key: 'gone' }).closedWith(4001);
  });
});
