// REF 9.2: every way to be refused, with the hosted service's words first and what was expected and found behind.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { Api, request } from '../support/api.js';
import { credentials, demoApp, kKey, kSecret, namedApp, startServer } from '../support/server.js';
import { encodeQuery, signedQuery } from '../support/sign.js';
import { suite } from '../support/suite.js';

const apps = [
  demoApp({
    keys: [
      { key: kKey, secret: kSecret },
      { key: 'second-key', secret: 'second-secret' },
      { key: 'dead-key', secret: 'dead-secret', enabled: false },
    ],
  }),
  namedApp('other'),
  namedApp('disabled', { enabled: false }),
];
const kEvent = { name: 'order.created', channel: 'orders', data: '{"n":1}' };
const seconds = () => Math.floor(Date.now() / 1000);

/** A refusal in plain text that begins with `words`, and tells no secret. */
function refused(answer, status, words) {
  assert.equal(answer.status, status, answer.text);
  if (words instanceof RegExp) assert.match(answer.text, words);
  else if (words) assert.ok(answer.text.startsWith(words), `"${answer.text}" begins with "${words}"`);
  assert.match(answer.headers['content-type'], /^text\/plain/);
  assert.equal(answer.json, undefined, 'text, not JSON');
  assert.ok(!answer.text.includes(kSecret), 'no secret is shown');
}

suite('REF 9.2 authentication of the HTTP API', { apps }, (test) => {
  test('REF 9.2 a right signature: 200 {}', async (t) => {
    const answer = await t.api().post('/events', kEvent);
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    assert.match(answer.headers['content-type'], /^application\/json/);
  });

  test('REF 9.2 every active key signs, a disabled one is unknown', async (t) => {
    const send = (key, secret) => new Api(t.server, { appId: '42', key, secret }).post('/events', kEvent);
    assert.equal((await send('second-key', 'second-secret')).status, 200);
    refused(await send('dead-key', 'dead-secret'), 400, 'Unknown auth_key');
    refused(await send('second-key', kSecret), 401, 'Invalid signature');
  });

  test('REF 9.2 unknown auth_key: 400', async (t) => {
    refused(
      await new Api(t.server, { appId: '42', key: 'nobody', secret: 's' }).post('/events', kEvent),
      400,
      'Unknown auth_key',
    );
  });

  test('REF 17.7 an app that does not own the key, and one that does not exist: refused', async (t) => {
    for (const appId of ['id-other', '999']) {
      const answer = await new Api(t.server, { appId, key: kKey, secret: kSecret }).post('/events', kEvent);
      assert.ok([400, 404].includes(answer.status), `${answer.status} ${answer.text}`);
      refused(answer, answer.status);
    }
  });

  test('REF 9.2 auth_key missing: 401', async (t) => {
    refused(await t.api().post('/events', kEvent, { omit: ['auth_key'] }), 401, 'Authentication key required');
  });

  test('REF 9.2 auth_version missing or not 1.0: 401', async (t) => {
    refused(await t.api().post('/events', kEvent, { omit: ['auth_version'] }), 401, 'Version required');
    refused(await t.api().post('/events', kEvent, { auth: { auth_version: '2.0' } }), 401, 'Version not supported');
  });

  test('REF 9.2 auth_timestamp missing: 401', async (t) => {
    refused(await t.api().post('/events', kEvent, { omit: ['auth_timestamp'] }), 401, 'Timestamp required');
  });

  for (const [what, offset] of [
    ['past', -600],
    ['past', -100_000],
    ['future', 605],
    ['far future', 10_000_000],
  ]) {
    test(`REF 9.2 timestamp ${offset} s, in the ${what}: 401 with both times`, async (t) => {
      const answer = await t.api().post('/events', kEvent, { auth: { auth_timestamp: String(seconds() + offset) } });
      refused(
        answer,
        401,
        /^Timestamp expired: Given timestamp \(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\) not within 600s of server time \(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)/,
      );
    });
  }

  for (const stamp of ['', 'abc', '-1', '1e9', '99999999999999999999', '1.5']) {
    test(`REF 9.2 timestamp "${stamp}": 401`, async (t) => {
      refused(await t.api().post('/events', kEvent, { auth: { auth_timestamp: stamp } }), 401);
    });
  }

  test('REF 9.2 timestamps within the window pass', async (t) => {
    for (const offset of [-590, 590]) {
      const answer = await t.api().post('/events', kEvent, { auth: { auth_timestamp: String(seconds() + offset) } });
      assert.equal(answer.status, 200, answer.text);
    }
  });

  test('REF 9.2 and issue 4 wrong signature: the string that the server signed, newlines as \\n, and what was sent', async (t) => {
    const answer = await t.api().post('/events', kEvent, { signature: '00' });
    refused(
      answer,
      401,
      'Invalid signature: you should have sent HmacSHA256Hex("POST\\n/apps/42/events\\nauth_key=demo-key-0001&auth_timestamp=',
    );
    assert.match(answer.text, /", your_secret_key\), but you sent "00"/);
  });

  test('issue 4 the shown string, signed with the secret, is the right signature', async (t) => {
    const wrong = await t.api().post('/events', kEvent, { signature: '0'.repeat(64) });
    const shown = wrong.text.match(/HmacSHA256Hex\("(.*?)", your_secret_key\)/)[1].replaceAll('\\n', '\n');
    const signature = createHmac('sha256', kSecret).update(shown).digest('hex');
    const [, path, query] = shown.split('\n');
    const target = `${path}?${query}&auth_signature=${signature}`;
    const answer = await request(t.server, { method: 'POST', target, body: JSON.stringify(kEvent) });
    assert.equal(answer.status, 200, answer.text);
  });

  test('REF 9.2 auth_signature missing: 401', async (t) => {
    refused(await t.api().post('/events', kEvent, { signature: null }), 401);
  });

  test('REF 9.2 a parameter changed after signing: 401', async (t) => {
    refused(
      await t.api().get('/channels', { filter_by_prefix: 'a' }, { tamper: () => ({ filter_by_prefix: 'b' }) }),
      401,
      'Invalid signature',
    );
  });

  test('REF 9.2 the method and the path are signed', async (t) => {
    const { parameters, signature } = signedQuery(
      { key: kKey, secret: kSecret },
      { method: 'GET', path: '/apps/42/channels' },
    );
    const query = encodeQuery({ ...parameters, auth_signature: signature });
    refused(
      await request(t.server, { method: 'GET', target: `/apps/42/channels/orders?${query}` }),
      401,
      'Invalid signature',
    );
    assert.equal((await request(t.server, { method: 'GET', target: `/apps/42/channels?${query}` })).status, 200);
  });

  test('REF 9.2 another body than body_md5 says: 401', async (t) => {
    refused(await t.api().post('/events', kEvent, { auth: { body_md5: 'd41d8cd98f00b204e9800998ecf8427e' } }), 401);
  });

  test('REF 9.2 a body without body_md5: 401', async (t) => {
    refused(await t.api().post('/events', kEvent, { omit: ['body_md5'] }), 401);
  });

  test('REF 9.2 and 16.12 GET with the body_md5 of the empty body, as the Python SDK sends it', async (t) => {
    const answer = await t.api().get('/channels', {}, { auth: { body_md5: 'd41d8cd98f00b204e9800998ecf8427e' } });
    assert.equal(answer.status, 200, answer.text);
  });

  test("REF 9.2 GET with a body_md5 that is not the empty body's: 401", async (t) => {
    refused(await t.api().get('/channels', {}, { auth: { body_md5: '0'.repeat(32) } }), 401);
  });

  test('REF 9.2 unknown parameters are signed, in any order of the URL', async (t) => {
    const { parameters, signature } = signedQuery(
      { key: kKey, secret: kSecret },
      {
        method: 'POST',
        path: '/apps/42/events',
        body: JSON.stringify(kEvent),
        query: { zebra: 'a b&c=d', alpha: 'é' },
      },
    );
    const reversed = Object.fromEntries(Object.entries({ ...parameters, auth_signature: signature }).reverse());
    const answer = await request(t.server, {
      method: 'POST',
      target: `/apps/42/events?${encodeQuery(reversed)}`,
      body: JSON.stringify(kEvent),
    });
    assert.equal(answer.status, 200, answer.text);
  });

  test('REF 9.2 keys are lower-cased for the signature', async (t) => {
    const { parameters, signature } = signedQuery(
      { key: kKey, secret: kSecret },
      { method: 'GET', path: '/apps/42/channels' },
    );
    const query = encodeQuery({ ...parameters, auth_signature: signature }).replace('auth_key', 'Auth_Key');
    assert.equal((await request(t.server, { method: 'GET', target: `/apps/42/channels?${query}` })).status, 200);
  });

  test('REF 9.2 a path encoded in transit is verified raw, then decoded', async (t) => {
    const path = '/apps/42/channels/a=b@c,d;e';
    const { parameters, signature } = signedQuery({ key: kKey, secret: kSecret }, { method: 'GET', path });
    const query = encodeQuery({ ...parameters, auth_signature: signature });
    for (const target of [path, '/apps/42/channels/a%3Db%40c%2Cd%3Be']) {
      const answer = await request(t.server, { method: 'GET', target: `${target}?${query}` });
      assert.deepEqual([answer.status, answer.json], [200, { occupied: false }], answer.text);
    }
  });

  test('REF 9.2 a plus kept literally by the signer is accepted', async (t) => {
    const { parameters, signature } = signedQuery(
      { key: kKey, secret: kSecret },
      { method: 'GET', path: '/apps/42/channels', query: { zebra: 'a+b' } },
    );
    const raw = Object.entries({ ...parameters, auth_signature: signature })
      .map(([name, text]) => `${name}=${text}`)
      .join('&');
    const answer = await request(t.server, { method: 'GET', target: `/apps/42/channels?${raw}` });
    assert.notEqual(answer.status, 401, answer.text);
  });

  test('REF 9.2 replays inside the window are accepted', async (t) => {
    const { parameters, signature } = signedQuery(
      { key: kKey, secret: kSecret },
      { method: 'GET', path: '/apps/42/channels' },
    );
    const target = `/apps/42/channels?${encodeQuery({ ...parameters, auth_signature: signature })}`;
    for (let i = 0; i < 2; i += 1) assert.equal((await request(t.server, { method: 'GET', target })).status, 200);
  });

  test('REF 9.2 disabled app: 403', async (t) => {
    refused(await t.api(t.appNamed('disabled')).post('/events', kEvent), 403);
  });

  for (const target of [
    '/',
    '/apps',
    '/apps/42',
    '/apps/42/nothing',
    '/nothing',
    '/apps/42/channels/a/b/c',
    '/apps/42/events/',
    '/pusher/apps/42/events',
    `/app/${kKey}?protocol=7`,
  ]) {
    test(`REF 9.2 and issue 4 unknown route ${target}: 404, and what is wrong with the path`, async (t) => {
      const answer = await request(t.server, { method: 'GET', target });
      assert.equal(answer.status, 404);
      assert.match(answer.text, /^404 NOT FOUND/);
      assert.ok(answer.text.trim().length > '404 NOT FOUND'.length, 'it says more');
    });
  }

  test('issue 4 the WebSocket endpoint asked without an upgrade is told so', async (t) => {
    assert.match((await request(t.server, { method: 'GET', target: `/app/${kKey}?protocol=7` })).text, /WebSocket/i);
  });

  test('issue 4 another method on a known path: 405 with Allow', async (t) => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await request(t.server, { method, target: '/apps/42/events' });
      assert.deepEqual([answer.status, answer.headers.allow], [405, 'POST']);
    }
  });

  test('issue 4 a TLS handshake on the plain port is told in plain text', async (t) => {
    const socket = net.connect(t.server.port, t.server.host);
    t.onEnd(() => socket.destroy());
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]));
    await once(socket, 'close');
    assert.match(text, /^HTTP\/1\.1 400 .*TLS/s);
  });

  test('issue 4 a mix-up of TLS and plain HTTP is answered or dropped, and harms nobody', async (t) => {
    const tls = await import('node:tls');
    const failed = await new Promise((resolve) => {
      const socket = tls.connect({ host: t.server.host, port: t.server.port, rejectUnauthorized: false }, () =>
        resolve(undefined),
      );
      socket.on('error', resolve);
      t.onEnd(() => socket.destroy());
    });
    assert.ok(failed instanceof Error);
    assert.equal((await t.api().post('/events', kEvent)).status, 200);
  });

  test('issue 4 the same text goes to the log, once per app and minute, without a secret', async (t) => {
    const logged = [demoApp(), namedApp('second')];
    const server = await startServer({ apps: logged });
    for (const app of logged) {
      for (let i = 0; i < 12; i += 1)
        await new Api(server, credentials(app)).post('/events', kEvent, { signature: `0${i}` });
    }
    await server.close();
    const lines = server.output.split('\n').filter((line) => line.includes('Invalid signature: you should have sent'));
    assert.equal(lines.length, 2, server.output);
    assert.ok(!server.output.includes(kSecret));
  });
});
