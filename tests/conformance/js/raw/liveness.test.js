// REF 2.3: who is silent is asked, and who does not answer is closed with 4201.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from '../support/suite.js';

const server = { activity_timeout_seconds: 1, pong_timeout_seconds: 2 };

suite('REF 2.3 liveness, with timeouts of one and two seconds', { server }, (test) => {
  test('REF 1.5 the configured activity_timeout is announced', async (t) => {
    const client = await t.open();
    assert.equal(JSON.parse(client.established.data).activity_timeout, 1);
  });

  test('REF 2.3.2 and 16.5 silence: a WebSocket ping frame, no pusher:ping event; its answer keeps the connection', async (t) => {
    const client = await t.open();
    await client.until(() => client.pings.length >= 3, 'three pings');
    assert.deepEqual(client.frames, []);
    assert.equal(client.end, undefined);
  });

  test('REF 2.3.3 and 16.5 no answer: close 4201 "Pong reply not received"', async (t) => {
    const client = await t.open(t.app, { autoPong: false });
    await client.closedWith(4201, 'Pong reply not received');
    assert.equal(client.pings.length, 1, 'it was asked first');
  });

  test('REF 2.3.1 and 16.5 any inbound frame resets the timer', async (t) => {
    const client = await t.open(t.app, { autoPong: false });
    // Busy for longer than both timeouts together; these waits are the stimulus, not a guess at the outcome.
    for (let i = 0; i < 18; i += 1) {
      if (i % 2 === 0) client.socket.pong('unsolicited');
      else client.send('pusher:pong', {});
      await delay(200);
    }
    assert.equal(client.end, undefined);
    await client.quiet();
    await client.closedWith(4201, undefined);
  });

  test('REF 2.3.5 outbound traffic is no sign of life', async (t) => {
    const client = await t.open(t.app, { autoPong: false });
    const channel = t.channel('news-');
    await client.subscribe(channel);
    let publishing = true;
    const flood = (async () => {
      while (publishing) {
        await t.api().published(channel, 'tick', '1');
        await delay(100);
      }
    })();
    await client.closedWith(4201, undefined);
    publishing = false;
    await flood;
  });
});
