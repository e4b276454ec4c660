// Two backends, one job: `fanfare gateway` and the FastAPI service of examples/, through one scenario with unmodified
// pusher-js, and their decisions side by side.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Backend, kJwtSecret, kService, token } from '../support/backend.js';
import { quizInAClassroom } from '../support/classroom.js';
import { startFastApiBackend } from '../support/fastapi_backend.js';
import { kClients, kMasterKey } from '../support/pusher_client.js';
import { demoApp, kKey, kSecret, startGateway, startServer } from '../support/server.js';

const kAudience = 'classroom';
const app = demoApp({ access_rules: true });
const environment = { JWT_SECRET: kJwtSecret, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: kMasterKey };

const kBackends = [
  { name: 'fanfare gateway', start: (server, more) => startGateway(server, app, { ...environment, ...more }) },
  {
    name: 'the FastAPI backend',
    start: (server, more) =>
      startFastApiBackend(server, app, { ...environment, HEALTH_AGE_SECONDS: '0.05', ACTIVE_CHANNELS: 'all', ...more }),
  },
];

for (const { name, start } of kBackends) {
  for (const { version, Pusher } of kClients) {
    describe(`${name} with pusher-js ${version}`, () => {
      let server;
      let running;
      before(async () => {
        server = await startServer({ apps: [app] });
        running = await start(server);
      });
      after(async () => {
        await running?.close();
        await server?.close();
      });

      it('a quiz in a classroom', { timeout: 60_000 }, async () => {
        const cleanups = [];
        try {
          await quizInAClassroom({ app, server, onEnd: (cleanup) => cleanups.push(cleanup) }, new Backend(running), Pusher);
        } finally {
          for (const cleanup of cleanups.reverse()) cleanup();
        }
      });
    });
  }
}

describe('both backends decide alike', { concurrency: 1 }, () => {
  let server;
  const started = [];
  let backends;
  before(async () => {
    server = await startServer({ apps: [app] });
    for (const { start } of kBackends) started.push(await start(server, { JWT_AUDIENCE: kAudience }));
    backends = started.map((running) => new Backend(running));
  });
  after(async () => {
    for (const running of started) await running.close();
    await server?.close();
  });

  /** The same question to both; their answers. */
  const both = (ask) => Promise.all(backends.map(ask));
  const user = (role) => ({ sub: `u-${role}`, role, name: 'A "B" é', classes: ['5b'], aud: kAudience });

  const kRoles = ['student', 'teacher', 'admin', 'service', 'headmaster'];
  const kChannels = [
    'private-admin', 'private-teacher', 'private-student', 'presence-admin', 'presence-classroom-101',
    'private-user-u-student', 'private-user-u-teacher', 'private-class-5b', 'private-class-6a',
    'private-cache-student', 'private-encrypted-student', 'private-encrypted-cache-teacher', 'presence-cache-admin',
    // By their last part these would be for students, or for a class's own.
    'private-x-student', 'private-student-student', 'private-teacher-student', 'private-encrypted-teacher-student',
    'private-admin-class-5b', 'presence-x-classroom-101', 'private-xstudent', 'private-student-x', 'private-STUDENT',
    'private-user-', 'presence-classroom-', 'private-', 'private-unknown',
  ];

  for (const role of kRoles) {
    it(`who is ${role} may subscribe to the same channels`, { timeout: 40_000 }, async () => {
      for (const channel of kChannels) {
        const [ours, theirs] = await both((backend) => backend.authorize(user(role), channel));
        assert.equal(theirs.status, ours.status, `${channel}: ${theirs.text}, ${ours.text}`);
        if (ours.status !== 200) continue;
        assert.equal(theirs.json.shared_secret, ours.json.shared_secret, channel);
        for (const { json } of [ours, theirs]) {
          const data = json.channel_data === undefined ? '' : `:${json.channel_data}`;
          const signature = createHmac('sha256', kSecret).update(`1.2:${channel}${data}`).digest('hex');
          assert.equal(json.auth, `${kKey}:${signature}`, channel);
        }
        if (channel.startsWith('presence-')) {
          assert.deepEqual(JSON.parse(theirs.json.channel_data), JSON.parse(ours.json.channel_data));
        } else {
          assert.equal(ours.json.channel_data ?? theirs.json.channel_data, undefined);
        }
      }
    });

    it(`who is ${role} may trigger on the same channels`, { timeout: 40_000 }, async () => {
      for (const channel of [...kChannels, 'public-dashboard', 'agent-status', 'agent-tasks', 'agent-metrics', 'agent-7', 'x']) {
        const [ours, theirs] = await both((backend) => backend.trigger(user(role), { channel, event: 'e', data: { n: 1 } }));
        assert.equal(theirs.status, ours.status, `${channel}: ${theirs.text}, ${ours.text}`);
      }
    });
  }

  it('a student is let into no channel by the end of its name', { timeout: 40_000 }, async () => {
    for (const channel of ['private-x-student', 'private-teacher-student', 'private-encrypted-teacher-student']) {
      for (const answer of await both((backend) => backend.authorize(user('student'), channel))) {
        assert.equal(answer.status, 403, channel);
      }
    }
  });

  it('both believe no other token', { timeout: 40_000 }, async () => {
    const admin = user('admin');
    const past = Math.floor(Date.now() / 1000) - 3600;
    const right = token(admin);
    const [header, claims, signature] = right.split('.');
    for (const [what, caller] of [
      ['none', token(admin, { header: { alg: 'none' } })],
      ['none, and no signature', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`],
      ['another algorithm', token(admin, { header: { alg: 'HS512' } })],
      ['a guessed secret', token(admin, { secret: 'guessed' })],
      ['claims of another', `${header}.${Buffer.from('{"sub":"a1","role":"admin","exp":9999999999}').toString('base64url')}.${signature}`],
      ['expired', token({ ...admin, exp: past })],
      ['without an end', token({ ...admin, exp: undefined })],
      ['another audience', token({ ...admin, aud: 'other' })],
      ['no audience', token({ ...admin, aud: undefined })],
      ['nobody in particular', token({ ...admin, sub: undefined })],
      ['no token at all', 'x'],
    ]) {
      for (const answer of await both((backend) => backend.authorize(caller, 'private-admin'))) {
        assert.equal(answer.status, 401, `${what}: ${answer.text}`);
        assert.match(answer.headers['www-authenticate'], /^Bearer/, what);
      }
    }
    for (const answer of await both((backend) => backend.authorize(undefined, 'private-admin'))) {
      assert.equal(answer.json.error.code, 'token_missing');
    }
    for (const answer of await both((backend) => backend.authorize(right, 'private-admin'))) {
      assert.equal(answer.status, 200, answer.text);
    }
    for (const answer of await both((backend) => backend.authorize({ ...admin, aud: ['other', kAudience] }, 'private-admin'))) {
      assert.equal(answer.status, 200, answer.text);
    }
  });

  it('both refuse what is no request', { timeout: 40_000 }, async () => {
    const teacher = user('teacher');
    for (const body of [
      {}, { channel: 'private-teacher', event: 'e' }, { channel: 'private-teacher', event: '', data: 1 },
      { channel: 'private-teacher', channels: ['private-teacher'], event: 'e', data: 1 }, { channels: [], event: 'e', data: 1 },
      { channel: 'private-teacher', event: 'pusher:e', data: 1 }, { channel: 'private-teacher', event: 'pusher_internal:e', data: 1 },
      { channel: '#server-to-user-s1', event: 'e', data: 1 }, { channel: 7, event: 'e', data: 1 },
      { channel: 'private-teacher', event: 'e', data: 1, socket_id: '1.2:x' },
    ]) {
      for (const answer of await both((backend) => backend.trigger(teacher, body))) {
        assert.equal(answer.status, 400, `${JSON.stringify(body)}: ${answer.text}`);
        assert.equal(answer.json.error.request_id, answer.headers['x-request-id']);
      }
    }
    const mixed = { channels: ['private-teacher', 'private-admin'], event: 'e', data: 1 };
    for (const answer of await both((backend) => backend.trigger(teacher, mixed))) assert.equal(answer.status, 403, answer.text);
    for (const answer of await both((backend) => backend.authorize(teacher, 'public-dashboard'))) {
      assert.equal(answer.json.error.code, 'channel_without_auth');
    }
    for (const socket of ['', '1', '1.2:private-admin', '1.2\n', 'a.b']) {
      for (const answer of await both((backend) => backend.authorize(teacher, 'private-teacher', socket))) {
        assert.equal(answer.status, 400, `${JSON.stringify(socket)}: ${answer.text}`);
      }
    }
  });

  it('both take a webhook with the right signature, and no other', { timeout: 40_000 }, async () => {
    const deliver = (backend, time, secret, key = kKey) => {
      const body = JSON.stringify({ time_ms: time, events: [{ name: 'channel_occupied', channel: 'x' }] });
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      return backend.webhook(body, { 'X-Pusher-Key': key, 'X-Pusher-Signature': signature });
    };
    for (const answer of await both((backend) => deliver(backend, Date.now(), kSecret))) {
      assert.deepEqual([answer.status, answer.json.success], [200, true], answer.text);
    }
    for (const answer of await both((backend) => deliver(backend, Date.now(), 'guessed'))) assert.equal(answer.status, 401);
    for (const answer of await both((backend) => deliver(backend, Date.now(), kSecret, 'other'))) assert.equal(answer.status, 401);
  });

  it('both say when the server is away', { timeout: 40_000 }, async () => {
    await server.stop();
    for (const answer of await both((backend) => backend.trigger({ ...kService, aud: kAudience }, { channel: 'x', event: 'e', data: 1 }))) {
      assert.equal(answer.status, 503, answer.text);
      assert.equal(answer.json.error.code, 'channels_unavailable');
      assert.ok(answer.headers['retry-after']);
    }
    const deadline = Date.now() + 10_000;
    for (const backend of backends) {
      while ((await backend.call('GET', '/health')).status !== 503) assert.ok(Date.now() < deadline);
      const { json } = await backend.call('GET', '/health/pusher/status');
      assert.deepEqual([json.data.status, json.data.connected_users, typeof json.data.reason], ['unhealthy', 0, 'string']);
    }
  });
});
