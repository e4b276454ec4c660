// Unmodified pusher-js on an app with access rules: public channels whose rule needs a role.
import assert from 'node:assert/strict';
import { Client, kClients } from '../support/pusher_client.js';
import { demoApp, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [demoApp({ access_rules: true }), namedApp('hasty', { access_rules: true, access_hold_seconds: 1 })];
const person = (id, role) => ({ id, user_info: { role } });

for (const { version, Pusher } of kClients) {
  suite(`pusher-js ${version}: access rules`, { apps }, (test) => {
    async function subscribesThenSignsIn(t, user) {
      const client = await Client.connect(t, Pusher, { user });
      const subscription = client.listen('agent-metrics');
      client.pusher.signin();
      return { client, ...subscription };
    }

    test('a subscription that goes out before the sign-in is granted with it', async (t) => {
      const { events } = await subscribesThenSignsIn(t, person('7', 'admin'));
      await events.next('pusher:subscription_succeeded');
    });

    test('as is one that goes out after it', async (t) => {
      const client = await Client.connect(t, Pusher, { user: person('7', 'admin') });
      client.pusher.signin();
      await client.pusher.user.signinDonePromise;
      await client.subscribe('agent-metrics');
      await client.subscribe('orders');
    });

    test('after a lost connection it all happens again', async (t) => {
      const { client, events } = await subscribesThenSignsIn(t, person('7', 'admin'));
      await events.next('pusher:subscription_succeeded');
      client.pusher.connection.connection.transport.socket.close();
      await client.connection.next('connected');
      await events.next('pusher:subscription_succeeded');
    });

    test('a role that is too low is told which one it takes', async (t) => {
      const { client, events } = await subscribesThenSignsIn(t, person('8', 'teacher'));
      const error = await events.next('pusher:subscription_error');
      assert.equal(error.type, 'AuthError');
      assert.equal(error.status, 403);
      assert.match(error.error, /agent-metrics: needs role admin/);
      assert.match(JSON.stringify(await client.connection.next('error')), /needs role admin/);
    });

    test('who does not sign in is refused when the time is over', async (t) => {
      const client = await Client.connect(t, Pusher, { app: t.appNamed('hasty') });
      const { events } = client.listen('agent-metrics');
      assert.match((await events.next('pusher:subscription_error')).error, /sign in first/);
      await client.subscribe('public-dashboard');
    });
  });
}
