// REF 9.1 and issue 4: HTTP/1.1 itself: keep-alive, pipelining, any segmentation, Expect, no CORS unasked.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { request } from '../support/api.js';
import { kKey, kSecret } from '../support/server.js';
import { encodeQuery, signedQuery } from '../support/sign.js';
import { suite } from '../support/suite.js';

const credentials = { key: kKey, secret: kSecret };

/** A signed request as bytes. */
function signedRequest(method, path, { query, body = '', headers = [] } = {}) {
  const { parameters, signature } = signedQuery(credentials, { method, path, query, body });
  const target = `${path}?${encodeQuery({ ...parameters, auth_signature: signature })}`;
  const length = body.length > 0 ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
  return {
    head: `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n${[...length, ...headers].map((line) => `${line}\r\n`).join('')}\r\n`,
    body,
    target,
  };
}

/** A plain socket and what it has received. */
async function plain(t) {
  const socket = net.connect(t.server.port, t.server.host);
  socket.setNoDelay(true);
  const connection = { socket, text: '', ended: false };
  socket.setEncoding('utf8').on('data', (chunk) => {
    connection.text += chunk;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    connection.ended = true;
  });
  t.onEnd(() => socket.destroy());
  connection.until = async (probe) => {
    while (!probe(connection.text)) {
      assert.equal(connection.ended, false, `the server closed after: ${connection.text}`);
      await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    }
  };
  await once(socket, 'connect');
  return connection;
}

const answers = (text) => [...text.matchAll(/HTTP\/1\.1 (\d\d\d) /g)].map((match) => Number(match[1]));
const event = (n, channel = 'orders') => JSON.stringify({ name: 'news', channel, data: String(n) });

suite('REF 9.1 HTTP/1.1', {}, (test) => {
  test('REF 9.1 and 16.12 keep-alive: one connection serves many requests, errors included', async (t) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    t.onEnd(() => agent.destroy());
    const first = await t.api().post('/events', JSON.parse(event(1)), { agent });
    assert.equal(first.status, 200);
    for (const options of [{}, { signature: '00' }, { auth: { auth_timestamp: '1' } }, {}]) {
      const next = await t.api().post('/events', JSON.parse(event(2)), { agent, ...options });
      assert.equal(next.reused, true, 'the connection was kept');
    }
    for (const path of ['/nothing', '/apps/42/channels']) {
      assert.equal((await request(t.server, { method: 'GET', target: path, agent })).reused, true);
    }
  });

  test('REF 9.1 Connection: close is obeyed', async (t) => {
    const connection = await plain(t);
    connection.socket.write(signedRequest('GET', '/apps/42/channels', { headers: ['Connection: close'] }).head);
    if (!connection.ended) await once(connection.socket, 'close');
    assert.deepEqual(answers(connection.text), [200]);
  });

  test('issue 4 pipelining: every request is answered, in order', async (t) => {
    const client = await t.open();
    await client.subscribe('piped');
    const connection = await plain(t);
    const parts = [];
    for (let i = 0; i < 20; i += 1) {
      const { head, body } = signedRequest('POST', '/apps/42/events', { body: event(i, 'piped') });
      parts.push(head, body);
    }
    parts.push(signedRequest('GET', '/nothing').head, signedRequest('GET', '/apps/42/channels').head);
    connection.socket.write(parts.join(''));
    await connection.until((text) => answers(text).length === 22);
    assert.deepEqual(answers(connection.text), [...Array(20).fill(200), 404, 200]);
    for (let i = 0; i < 20; i += 1) assert.equal((await client.next('news', 'piped')).data, String(i));
  });

  test('issue 4 a request in segments of one byte', async (t) => {
    const connection = await plain(t);
    const { head, body } = signedRequest('POST', '/apps/42/events', { body: event(1) });
    for (const byte of head + body) {
      connection.socket.write(byte);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    await connection.until((text) => text.endsWith('{}'));
    assert.deepEqual(answers(connection.text), [200]);
  });

  test('issue 4 a chunked body in odd chunks', async (t) => {
    const connection = await plain(t);
    const body = event(1);
    const { head } = signedRequest('POST', '/apps/42/events', { body });
    connection.socket.write(head.replace(/Content-Length: \d+\r\n/, 'Transfer-Encoding: chunked\r\n'));
    for (let at = 0; at < body.length; at += 7) {
      const chunk = body.slice(at, at + 7);
      connection.socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    }
    connection.socket.write('0\r\n\r\n');
    await connection.until((text) => text.endsWith('{}'));
    assert.deepEqual(answers(connection.text), [200]);
  });

  test('issue 4 Expect: 100-continue is answered before the body is sent', async (t) => {
    const connection = await plain(t);
    const { head, body } = signedRequest('POST', '/apps/42/events', {
      body: event(1),
      headers: ['Expect: 100-continue'],
    });
    connection.socket.write(head);
    await connection.until((text) => text.includes('\r\n\r\n'));
    assert.deepEqual(answers(connection.text), [100]);
    connection.socket.write(body);
    await connection.until((text) => text.endsWith('{}'));
    assert.deepEqual(answers(connection.text), [100, 200]);
  });

  test('REF 9.1 and 18.4 the answer of a publish: JSON of two bytes', async (t) => {
    const answer = await t.api().post('/events', JSON.parse(event(1)));
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.equal(answer.headers['content-length'], '2');
  });

  test('REF 9.1 the Content-Type of a request is not insisted on', async (t) => {
    for (const type of ['application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded', '']) {
      const answer = await t.api().post('/events', JSON.parse(event(1)), { headers: { 'Content-Type': type } });
      assert.equal(answer.status, 200, `${type}: ${answer.text}`);
    }
  });

  test('REF 9.1 no CORS headers on the API, which is for servers', async (t) => {
    const answer = await t.api().get('/channels', {}, { headers: { Origin: 'https://shop.example' } });
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  });

  for (const [what, text] of [
    ['garbage', '\u0000\u0001\u0002garbage\r\n\r\n'],
    ['no HTTP at all', 'HELO mail.example\r\n\r\n'],
    ['two lengths', 'POST /apps/42/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy'],
    [
      'length and chunked',
      'POST /apps/42/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header of 1 MiB', `GET / HTTP/1.1\r\nX: ${'x'.repeat(1024 * 1024)}\r\n\r\n`],
    ['a body announced as 1 GiB', 'POST /apps/42/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n{'],
  ]) {
    test(`issue 6 ${what}: a 4xx or the end of the connection; others are served`, async (t) => {
      const connection = await plain(t);
      connection.socket.write(text);
      await Promise.race([
        once(connection.socket, 'close'),
        connection.until((got) => got.includes('\r\n\r\n')).catch(() => undefined),
      ]);
      for (const status of answers(connection.text)) assert.ok(status >= 400 && status < 600, connection.text);
      assert.equal((await t.api().post('/events', JSON.parse(event(1)))).status, 200);
    });
  }
});
