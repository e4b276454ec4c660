// RFC 6455 where the Autobahn suite is blind: opening handshakes and unmasked frames, on plain sockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { kKey } from '../support/server.js';
import { suite } from '../support/suite.js';

const kKeyHeader = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const kUpgrade = ['Upgrade: websocket', 'Connection: keep-alive, Upgrade', kKeyHeader, 'Sec-WebSocket-Version: 13'];

/** Sends `head` and returns what came until the end of the head (or of the stream). */
async function handshake(t, lines, rest = Buffer.alloc(0)) {
  const socket = net.connect(t.server.port, t.server.host);
  t.onEnd(() => socket.destroy());
  const connection = { socket, bytes: Buffer.alloc(0), ended: false };
  socket.on('data', (chunk) => {
    connection.bytes = Buffer.concat([connection.bytes, chunk]);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    connection.ended = true;
  });
  socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), rest]));
  while (!connection.bytes.includes('\r\n\r\n') && !connection.ended) {
    await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  }
  connection.head = connection.bytes.toString('latin1').split('\r\n\r\n')[0];
  return connection;
}

const request = (headers, target = `/app/${kKey}?protocol=7`) => [
  `GET ${target} HTTP/1.1`,
  'Host: localhost',
  ...headers,
];

/** Reads on until the server closes; returns the code of the close frame at the end of the stream. */
async function closeCode(connection) {
  if (!connection.ended) await once(connection.socket, 'close');
  const bytes = connection.bytes;
  let at = bytes.indexOf('\r\n\r\n') + 4;
  let code;
  while (at + 2 <= bytes.length) {
    const short = bytes[at + 1] & 0x7f;
    const size = short === 126 ? bytes.readUInt16BE(at + 2) : short;
    const start = at + (short === 126 ? 4 : 2);
    if ((bytes[at] & 0x0f) === 8) code = bytes.readUInt16BE(start);
    at = start + size;
  }
  return code;
}

suite('RFC 6455 handshake and masks', {}, (test) => {
  test("RFC 6455 4.2.2 the accept key of the RFC's own example", async (t) => {
    const { head } = await handshake(t, request(kUpgrade));
    assert.match(head, /^HTTP\/1\.1 101 /);
    assert.match(head, /sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/i);
    assert.match(head, /upgrade: websocket/i);
    assert.match(head, /connection: upgrade/i);
  });

  test('RFC 6455 4.2.1 tokens are compared without case', async (t) => {
    const { head } = await handshake(
      t,
      request([
        'UPGRADE: WebSocket',
        'connection: UPGRADE',
        kKeyHeader.toUpperCase().replace(/: .*/, ': dGhlIHNhbXBsZSBub25jZQ=='),
        'sec-websocket-version: 13',
      ]),
    );
    assert.match(head, /^HTTP\/1\.1 101 /);
  });

  test('RFC 6455 4.4 another version: 426 that names 13', async (t) => {
    const { head } = await handshake(t, request([...kUpgrade.slice(0, 3), 'Sec-WebSocket-Version: 8']));
    assert.match(head, /^HTTP\/1\.1 426 /);
    assert.match(head, /sec-websocket-version: 13/i);
  });

  for (const [what, headers] of [
    ['no key', [kUpgrade[0], kUpgrade[1], kUpgrade[3]]],
    ['a key that is not 16 bytes', [kUpgrade[0], kUpgrade[1], 'Sec-WebSocket-Key: c2hvcnQ=', kUpgrade[3]]],
  ]) {
    test(`RFC 6455 4.2.1 ${what}: 400`, async (t) => {
      const { head } = await handshake(t, request(headers));
      assert.match(head, /^HTTP\/1\.1 400 /);
    });
  }

  test('REF 1.2 a plain GET of a Pusher URL is answered by HTTP, with an error', async (t) => {
    const { head } = await handshake(t, request([]));
    assert.match(head, /^HTTP\/1\.1 4\d\d /);
  });

  test('RFC 6455 5.1 an unmasked frame: close 1002', async (t) => {
    const connection = await handshake(t, request(kUpgrade), Buffer.from([0x81, 0x02, 0x7b, 0x7d]));
    assert.equal(await closeCode(connection), 1002);
  });

  test('RFC 6455 frames that arrive together with the handshake are read', async (t) => {
    const text = Buffer.from('{"event":"pusher:ping"}');
    const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
    const connection = await handshake(t, request(kUpgrade), frame);
    while (!connection.bytes.includes('pusher:pong')) await once(connection.socket, 'data');
  });

  test('RFC 6455 5.4 and 5.5 a message in fragments of one byte, with pings between', async (t) => {
    const client = await t.open();
    const text = '{"event":"pusher:ping","data":"Zoë"}';
    const bytes = Buffer.from(text);
    for (let i = 0; i < bytes.length; i += 1) {
      client.socket.send(bytes.subarray(i, i + 1), { binary: false, fin: i === bytes.length - 1 });
      if (i % 10 === 0) client.socket.ping(String(i));
    }
    await client.next('pusher:pong');
    await client.until(() => client.pongs.length === Math.ceil(bytes.length / 10), 'a pong for each ping');
  });

  test('RFC 6455 8.1 invalid UTF-8 in a text message: close 1007', async (t) => {
    const client = await t.open();
    client.socket.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { binary: false });
    await client.closedWith(1007);
  });

  test('RFC 6455 7.1 the close handshake: the code comes back', async (t) => {
    const client = await t.open();
    client.socket.close(1000, 'bye');
    await client.closedWith(1000);
  });
});
