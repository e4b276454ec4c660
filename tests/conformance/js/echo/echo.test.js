// Laravel Echo over pusher-js, as a Laravel application would use it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import Pusher from 'pusher-js';
import { clientOptions, serverSdk } from '../support/pusher_client.js';
import { demoApp, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const require = createRequire(import.meta.url);
const kDeadlineMs = 10_000;
const apps = [demoApp(), namedApp('telling', { subscription_error_events: true })];

/** A function to hand to Echo, and the promise of what it is called with. */
function callback(what) {
  const calls = [];
  const waiting = [];
  const given = (value) => {
    if (waiting.length > 0) waiting.shift()(value);
    else calls.push(value);
  };
  given.next = () =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${what} within ${kDeadlineMs} ms`)), kDeadlineMs);
      const done = (value) => {
        clearTimeout(timer);
        resolve(value);
      };
      if (calls.length > 0) done(calls.shift());
      else waiting.push(done);
    });
  given.count = () => calls.length;
  return given;
}

function scenarios(version, Echo) {
  suite(`laravel-echo ${version}`, { apps }, (test) => {
    const open = (t, { app = t.app, broadcaster = 'pusher', ...identity } = {}) => {
      const options = clientOptions(t.server, serverSdk(t.server, app), identity);
      const echo = new Echo({ broadcaster, key: app.keys[0].key, Pusher, ...options });
      t.onEnd(() => echo.disconnect());
      return echo;
    };
    const publish = (t, ...args) => serverSdk(t.server, t.app).trigger(...args);
    const subscribed = async (channel) => {
      const done = callback('subscribed');
      channel.subscribed(done);
      await done.next();
      return channel;
    };

    for (const broadcaster of ['pusher', 'reverb']) {
      test(`REF 14.2.15 ${broadcaster}: channel().listen() with Laravel's event names, socketId(), leave()`, async (t) => {
        const echo = open(t, { broadcaster });
        const name = t.channel('orders-');
        const shipped = callback('OrderShipped');
        const channel = await subscribed(echo.channel(name));
        channel.listen('OrderShipped', shipped);
        await publish(t, name, 'App\\Events\\OrderShipped', { id: 1 });
        assert.deepEqual(await shipped.next(), { id: 1 });
        assert.match(echo.socketId(), /^\d+\.\d+$/);
        await publish(t, name, 'App\\Events\\OrderShipped', { id: 2 }, { socket_id: echo.socketId() });
        await publish(t, name, 'App\\Events\\OrderShipped', { id: 3 });
        assert.deepEqual(await shipped.next(), { id: 3 });
        echo.leave(name);
        assert.equal(echo.connector.pusher.channel(name), undefined);
        await subscribed(echo.channel(name));
      });
    }

    test('REF 14.2.15 private(): listen, whisper to the others, notification', async (t) => {
      const [one, two] = [open(t), open(t)];
      const name = t.channel('orders-');
      const typing = callback('whisper');
      const notified = callback('notification');
      const mine = await subscribed(one.private(name));
      (await subscribed(two.private(name))).listenForWhisper('typing', typing).notification(notified);
      mine.whisper('typing', { on: true });
      assert.deepEqual(await typing.next(), { on: true });
      await publish(t, `private-${name}`, 'Illuminate\\Notifications\\Events\\BroadcastNotificationCreated', {
        id: 'n1',
        type: 'x',
      });
      assert.equal((await notified.next()).id, 'n1');
    });

    test('REF 7 encryptedPrivate(): listen', async (t) => {
      const echo = open(t);
      const name = t.channel('vault-');
      const shipped = callback('OrderShipped');
      (await subscribed(echo.encryptedPrivate(name))).listen('OrderShipped', shipped);
      await publish(t, `private-encrypted-${name}`, 'App\\Events\\OrderShipped', { id: 1 });
      assert.deepEqual(await shipped.next(), { id: 1 });
    });

    test('REF 14.2.15 join(): here, joining, whisper, leaving', async (t) => {
      const zoe = open(t, { member: { user_id: 'u7', user_info: { name: 'Zoë' } } });
      const ida = open(t, { member: { user_id: 'u9', user_info: { name: 'Ida' } } });
      const name = t.channel('room-');
      const [here, joining, leaving, typing, idaHere] = ['here', 'joining', 'leaving', 'whisper', 'here'].map(callback);
      const room = zoe.join(name).here(here).joining(joining).leaving(leaving).listenForWhisper('typing', typing);
      assert.deepEqual(await here.next(), [{ name: 'Zoë' }]);
      const other = ida.join(name).here(idaHere);
      assert.deepEqual((await idaHere.next()).map((user) => user.name).sort(), ['Ida', 'Zoë']);
      assert.deepEqual(await joining.next(), { name: 'Ida' });
      other.whisper('typing', { on: true });
      assert.deepEqual(await typing.next(), { on: true });
      ida.leave(name);
      assert.deepEqual(await leaving.next(), { name: 'Ida' });
      assert.equal(room.subscription.members.count, 1);
    });

    test('REF 3.8 error(): a bad signature is told by subscription_error, for apps that ask for it', async (t) => {
      const app = t.appNamed('telling');
      const echo = open(t, {
        app,
        options: {
          channelAuthorization: {
            customHandler: (_, answer) => answer(null, { auth: 'key-telling:00' }),
          },
        },
      });
      const failed = callback('error');
      echo.private(t.channel('orders-')).error(failed);
      const status = await failed.next();
      assert.equal(status.type, 'AuthError');
      assert.equal(status.status, 401);
    });

    test('REF 3.9 a cache channel through Echo', async (t) => {
      const name = t.channel('cache-price-');
      await publish(t, name, 'price', { p: 9 });
      const echo = open(t);
      const price = callback('price');
      echo.channel(name).listen('.price', price);
      assert.deepEqual(await price.next(), { p: 9 });
    });
  });
}

scenarios('1.19.0', require('laravel-echo').default);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  const { default: Echo2 } = await import('laravel-echo-2');
  scenarios('2.5.0', Echo2);
} else {
  describe('laravel-echo 2.5.0', () => {
    it('REF 14.2.15 laravel-echo 2', { skip: `needs Node 20.19, this is ${process.versions.node}` }, () => undefined);
  });
}
