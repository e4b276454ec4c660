// Unmodified pusher-js with the gateway as its auth endpoints: inside the server, and alone in front of it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { request } from '../support/api.js';
import { Client, kClients, kMasterKey } from '../support/pusher_client.js';
import { demoApp, startGateway, startServer } from '../support/server.js';

const kJwtSecret = 'a secret for tokens of thirty-two bytes and more';
const app = demoApp({ access_rules: true, subscription_count: true });
const environment = { JWT_SECRET: kJwtSecret, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: kMasterKey };

/** A token that the gateway believes, unless `secret` is another one. */
function token(claims, secret = kJwtSecret) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ exp, ...claims })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const kTeacher = { sub: 't1', role: 'teacher', name: 'Ida' };
const kStudents = [
  { sub: 's1', role: 'student', name: 'Bo "the one"' },
  { sub: 2, role: 'student', name: 'Zoë' },
];
const kAdmin = { sub: 'a1', role: 'admin' };

/** What a page of `claims`' user configures. */
function pageOptions(gateway, claims) {
  const base = `http://${gateway.host}:${gateway.port}/api/v1/pusher`;
  const headers = { Authorization: `Bearer ${token(claims)}` };
  return {
    channelAuthorization: { endpoint: `${base}/auth`, transport: 'ajax', headers },
    userAuthentication: { endpoint: `${base}/user-auth`, transport: 'ajax', headers },
  };
}

async function inside() {
  const server = await startServer({
    apps: [app],
    args: ['--gateway-enabled', '--gateway-port', '0', '--gateway-jwt-secret', kJwtSecret,
      '--gateway-encryption-master-key-base64', kMasterKey],
  });
  return { server, gateway: { host: server.host, port: server.gatewayPort }, close: () => server.close() };
}

async function alone() {
  const server = await startServer({ apps: [app] });
  const gateway = await startGateway(server, app, environment);
  return {
    server,
    gateway,
    close: async () => {
      await gateway.close();
      await server.close();
    },
  };
}

for (const [where, start] of [['inside fanfare serve', inside], ['alone', alone]]) {
  for (const { version, Pusher } of kClients) {
    describe(`pusher-js ${version}, gateway ${where}`, { concurrency: 1 }, () => {
      let world;
      before(async () => {
        world = await start();
      });
      after(async () => {
        await world?.close();
      });

      const scenario = (name, body) =>
        it(name, { timeout: 40_000 }, async () => {
          const cleanups = [];
          const t = { app, server: world.server, onEnd: (cleanup) => cleanups.push(cleanup) };
          try {
            await body(t);
          } finally {
            for (const cleanup of cleanups.reverse()) cleanup();
          }
        });
      const page = (t, claims) => Client.connect(t, Pusher, { options: pageOptions(world.gateway, claims) });
      const call = (method, target, claims, body) =>
        request(world.gateway, {
          method,
          target,
          headers: {
            'Content-Type': 'application/json',
            ...(claims ? { Authorization: `Bearer ${token(claims)}` } : {}),
          },
          body: body === undefined ? '' : JSON.stringify(body),
        });
      const trigger = (claims, body) => call('POST', '/api/v1/realtime/trigger', claims, body);

      scenario('a quiz in a classroom', async (t) => {
        const teacher = await page(t, kTeacher);
        const students = [await page(t, kStudents[0]), await page(t, kStudents[1])];
        const room = await teacher.subscribe('presence-classroom-101');
        const [first] = await Promise.all(students.map((student) => student.subscribe('presence-classroom-101')));
        assert.deepEqual(first.channel.members.me, { id: 's1', info: { name: 'Bo "the one"', role: 'student' } });
        await room.events.next('pusher:member_added');
        await room.events.next('pusher:member_added');
        assert.deepEqual(room.channel.members.get('2').info, { name: 'Zoë', role: 'student' });

        const own = await students[0].subscribe('private-user-s1');
        students[1].pusher.signin();
        await students[1].pusher.user.signinDonePromise;
        const answer = await trigger(kTeacher, {
          channel: 'presence-classroom-101',
          event: 'quiz.submitted',
          data: { quiz: 7 },
          socket_id: teacher.socketId,
        });
        assert.deepEqual(answer.json, {
          success: true,
          channels: ['presence-classroom-101'],
          event: 'quiz.submitted',
          channel: 'presence-classroom-101',
        });
        assert.deepEqual(await first.events.next('quiz.submitted'), { quiz: 7 });
        assert.equal((await call('POST', '/api/v1/realtime/users/s1/events', kTeacher, { event: 'graded', data: 1 })).status, 200);
        assert.equal(await own.events.next('graded'), 1);
        assert.equal(room.events.has('quiz.submitted'), false, 'the sender was left out');

        const refused = students[0].listen('private-teacher');
        const error = await refused.events.next('pusher:subscription_error');
        assert.equal(error.status, 403);
        assert.match(JSON.stringify(error), /AuthError/);
        assert.equal((await trigger(kStudents[0], { channel: 'presence-classroom-101', event: 'e', data: 1 })).status, 403);

        const members = await call('GET', '/api/v1/realtime/presence/presence-classroom-101', kTeacher);
        assert.deepEqual(members.json.users.map(({ id }) => id).sort(), ['2', 's1', 't1']);
        const deadline = Date.now() + 5_000;
        for (;;) {
          const { json } = await call('GET', '/health/pusher/status');
          if (json.data.connected_users === 3 && json.data.total_channels === 2) {
            assert.deepEqual(json.data.active_channels, ['presence-classroom-101', 'private-user-s1']);
            assert.equal(json.data.status, 'healthy');
            break;
          }
          assert.ok(Date.now() < deadline, JSON.stringify(json));
        }
      });

      scenario('a sign-in is reached by its user id, and terminated', async (t) => {
        const student = await page(t, kStudents[1]);
        student.pusher.signin();
        await student.pusher.user.signinDonePromise;
        assert.equal(student.pusher.user.user_data.id, '2');
        assert.deepEqual(student.pusher.user.user_data.user_info, { name: 'Zoë', role: 'student' });
        let told;
        for (let attempt = 0; attempt < 50 && !told; attempt += 1) {
          await call('POST', '/api/v1/realtime/users/2/events', kTeacher, { event: 'note', data: { attempt } });
          told = await student.user.next('note', 200).catch(() => undefined);
        }
        assert.ok(told, 'the user got the event');
        assert.equal((await call('POST', '/api/v1/realtime/users/2/terminate', kTeacher, {})).status, 403);
        assert.equal((await call('POST', '/api/v1/realtime/users/2/terminate', kAdmin, {})).status, 200);
        await student.connection.next('disconnected');
      });

      scenario('an encrypted channel is read with the secret that the gateway gave', async (t) => {
        const student = await page(t, kStudents[0]);
        const { events } = await student.subscribe('private-encrypted-student');
        const answer = await trigger(kTeacher, { channel: 'private-encrypted-student', event: 'exam', data: { q: 'π?' } });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(await events.next('exam'), { q: 'π?' });
      });

      scenario('agents report, and admins alone may listen to all of it', async (t) => {
        const admin = await page(t, kAdmin);
        const metrics = admin.listen('agent-metrics');
        const status = await admin.subscribe('agent-status');
        admin.pusher.signin();
        await metrics.events.next('pusher:subscription_succeeded');
        const service = { sub: 'backend', role: 'service' };
        await call('POST', '/api/v1/realtime/agents/grader/status', service, { status: 'busy', details: { queue: 3 } });
        const reported = await status.events.next('agent.busy');
        assert.equal(reported.agent, 'grader');
        assert.deepEqual(reported.details, { queue: 3 });
        await call('POST', '/api/v1/realtime/agents/grader/events', service, { event: 'metrics.updated', data: { cpu: 1 } });
        assert.deepEqual(await metrics.events.next('metrics.updated'), { cpu: 1 });
      });

      scenario('a forged token opens nothing', async (t) => {
        const headers = { Authorization: `Bearer ${token(kAdmin, 'guessed')}` };
        const client = await Client.connect(t, Pusher, {
          options: {
            channelAuthorization: {
              endpoint: `http://${world.gateway.host}:${world.gateway.port}/api/v1/pusher/auth`,
              transport: 'ajax',
              headers,
            },
          },
        });
        const { events } = client.listen('private-admin');
        assert.equal((await events.next('pusher:subscription_error')).status, 401);
      });

      scenario('a signature is good for its own connection only', async (t) => {
        const [teacher, student] = [await page(t, kTeacher), await page(t, kStudents[0])];
        const signed = await request(world.gateway, {
          method: 'POST',
          target: '/api/v1/pusher/auth',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token(kTeacher)}` },
          body: JSON.stringify({ socket_id: teacher.socketId, channel_name: 'private-teacher' }),
        });
        assert.equal(signed.status, 200);
        student.pusher.connection.send_event('pusher:subscribe', { channel: 'private-teacher', auth: signed.json.auth });
        assert.match(JSON.stringify(await student.connection.next('error')), /Invalid signature/);
      });
    });
  }
}
