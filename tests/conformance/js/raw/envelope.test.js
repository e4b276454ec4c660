// REF 1.6 to 2: envelopes, non-fatal errors, sizes, and the answers to pings at both levels.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { kKey } from '../support/server.js';
import { suite } from '../support/suite.js';

suite('REF 1.6 to 2 envelopes and pings', {}, (test) => {
  test('REF 1.6 a command may carry its data as a string of JSON', async (t) => {
    const client = await t.open();
    const channel = t.channel('orders-');
    client.send('pusher:subscribe', JSON.stringify({ channel }));
    await client.next('pusher_internal:subscription_succeeded', channel);
  });

  test('REF 1.6 a binary frame of JSON is taken leniently or answered with an error; the connection stays', async (t) => {
    const client = await t.open();
    client.socket.send(Buffer.from(JSON.stringify({ event: 'pusher:ping', data: {} })), { binary: true });
    const frame = JSON.parse(await client.nextText());
    if (frame.event === 'pusher:error') assert.equal(frame.data.code, null);
    else assert.equal(frame.event, 'pusher:pong');
    await client.quiet();
  });

  for (const text of [
    '{',
    'hello',
    '[]',
    '"x"',
    '42',
    'null',
    '',
    '{"data":{}}',
    '{"event":5}',
    '{"event":null,"data":{}}',
    '{"event":"pusher:subscribe","data":"{"}',
    '\u0000',
    '[[[['.repeat(5_000),
    '{"event":"\\ud800"}',
  ]) {
    test(`REF 15.9 malformed input ${JSON.stringify(text.slice(0, 40))}: pusher:error with code null, connection stays`, async (t) => {
      const client = await t.open();
      client.sendText(text);
      await client.nextError();
      await client.quiet();
    });
  }

  test('REF 1.6 unknown keys of an envelope are ignored', async (t) => {
    const client = await t.open();
    client.sendText('{"zebra":[1,{"a":null}],"data":{},"event":"pusher:ping"}');
    await client.next('pusher:pong');
  });

  for (const event of ['chat', 'pusher:nothing', 'pusher_internal:member_added', 'client', 'Pusher:ping']) {
    test(`REF 1.8 unsupported event ${event} is named; the connection stays`, async (t) => {
      const client = await t.open();
      client.send(event, {}, 'private-x');
      await client.nextError(`Unsupported event received on socket: ${event}`);
      await client.quiet();
    });
  }

  test('REF 1.9 a message of 90 KiB passes the framing level', async (t) => {
    const client = await t.open();
    client.sendText(JSON.stringify({ event: 'pusher:ping', data: 'x'.repeat(90 * 1024) }));
    await client.next('pusher:pong');
  });

  test('REF 1.9 a message above the limit: close 1009', async (t) => {
    const client = await t.open();
    client.sendText(JSON.stringify({ event: 'pusher:ping', data: 'x'.repeat(120 * 1024) }));
    await client.closedWith(1009);
  });

  test('REF 2.1 and 16.3 pusher:ping with data missing, {}, "" and null: one pong each, data "{}"', async (t) => {
    const client = await t.open();
    for (const text of [
      '{"event":"pusher:ping"}',
      '{"event":"pusher:ping","data":{}}',
      '{"event":"pusher:ping","data":""}',
      '{"event":"pusher:ping","data":null}',
    ]) {
      client.sendText(text);
      const pong = await client.next('pusher:pong');
      assert.equal(pong.data, '{}');
    }
    await client.quiet();
  });

  test('REF 2.1 and 16.3 a ping sent the moment the socket opens, as Pysher does', async (t) => {
    const client = t.attempt({ key: kKey });
    await once(client.socket, 'open');
    client.sendText('{"event":"pusher:ping","data":""}');
    await client.next('pusher:connection_established');
    await client.next('pusher:pong');
  });

  test('REF 2.1 pusher:pong is taken without an answer', async (t) => {
    const client = await t.open();
    for (const data of [undefined, {}, '']) client.send('pusher:pong', data);
    await client.quiet();
  });

  test('REF 2.1 and 16.4 a WebSocket ping is answered with its own payload', async (t) => {
    const client = await t.open();
    for (const payload of ['', 'abc', 'x'.repeat(125)]) {
      const seen = client.pongs.length;
      client.socket.ping(payload);
      await client.until(() => client.pongs.length > seen, 'pong frame');
      assert.equal(client.pongs[seen], payload);
    }
  });

  test('REF 2.1 many control frames are not penalised (.NET pings every second)', async (t) => {
    const client = await t.open();
    for (let i = 0; i < 200; i += 1) client.socket.ping(String(i));
    await client.until(() => client.pongs.length === 200, '200 pong frames');
    assert.deepEqual(
      client.pongs,
      Array.from({ length: 200 }, (_, i) => String(i)),
    );
    await client.quiet();
  });
});
