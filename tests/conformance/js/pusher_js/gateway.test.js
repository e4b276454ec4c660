// Unmodified pusher-js with the gateway as its auth endpoints: inside the server, and alone in front of it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Backend, kAdmin, kJwtSecret, kService, kStudents, kTeacher } from '../support/backend.js';
import { quizInAClassroom } from '../support/classroom.js';
import { kClients, kMasterKey } from '../support/pusher_client.js';
import { demoApp, startGateway, startServer } from '../support/server.js';

const app = demoApp({ access_rules: true, subscription_count: true });
const environment = { JWT_SECRET: kJwtSecret, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: kMasterKey };

async function inside() {
  const server = await startServer({
    apps: [app],
    args: ['--gateway-enabled', '--gateway-port', '0', '--gateway-jwt-secret', kJwtSecret,
      '--gateway-encryption-master-key-base64', kMasterKey],
  });
  return { server, backend: new Backend({ host: server.host, port: server.gatewayPort }), close: () => server.close() };
}

async function alone() {
  const server = await startServer({ apps: [app] });
  const gateway = await startGateway(server, app, environment);
  return {
    server,
    backend: new Backend(gateway),
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
      const page = (t, claims, secret) => world.backend.page(t, Pusher, claims, secret);
      const call = (...request) => world.backend.call(...request);

      scenario('a quiz in a classroom', (t) => quizInAClassroom(t, world.backend, Pusher));

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
        const answer = await world.backend.trigger(kTeacher, { channel: 'private-encrypted-student', event: 'exam', data: { q: 'π?' } });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(await events.next('exam'), { q: 'π?' });
      });

      scenario('agents report, and admins alone may listen to all of it', async (t) => {
        const admin = await page(t, kAdmin);
        const metrics = admin.listen('agent-metrics');
        const status = await admin.subscribe('agent-status');
        admin.pusher.signin();
        await metrics.events.next('pusher:subscription_succeeded');
        await call('POST', '/api/v1/realtime/agents/grader/status', kService, { status: 'busy', details: { queue: 3 } });
        const reported = await status.events.next('agent.busy');
        assert.equal(reported.agent, 'grader');
        assert.deepEqual(reported.details, { queue: 3 });
        await call('POST', '/api/v1/realtime/agents/grader/events', kService, { event: 'metrics.updated', data: { cpu: 1 } });
        assert.deepEqual(await metrics.events.next('metrics.updated'), { cpu: 1 });
      });

      scenario('a forged token opens nothing', async (t) => {
        const client = await page(t, kAdmin, 'guessed');
        const { events } = client.listen('private-admin');
        assert.equal((await events.next('pusher:subscription_error')).status, 401);
      });

      scenario('a signature is good for its own connection only', async (t) => {
        const [teacher, student] = [await page(t, kTeacher), await page(t, kStudents[0])];
        const signed = await world.backend.authorize(kTeacher, 'private-teacher', teacher.socketId);
        assert.equal(signed.status, 200);
        student.pusher.connection.send_event('pusher:subscribe', { channel: 'private-teacher', auth: signed.json.auth });
        assert.match(JSON.stringify(await student.connection.next('error')), /Invalid signature/);
      });
    });
  }
}
