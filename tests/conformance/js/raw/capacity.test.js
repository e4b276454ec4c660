// REF 1.3, the row of an overloaded server: refused with 4100 so that clients come back, while the HTTP API goes on.
import assert from 'node:assert/strict';
import { suite } from '../support/suite.js';

suite('REF 1.3 a full server', { server: { connections_max: 2 }, concurrency: 1 }, (test) => {
  test('REF 1.3 over capacity: 4100; with protocol 5 the error event first; a place given back is free again', async (t) => {
    const [one, two] = await Promise.all([t.open(), t.open()]);
    await t.attempt({ key: t.app.keys[0].key }).closedWith(4100);
    const old = t.attempt({ key: t.app.keys[0].key, protocol: 5 });
    assert.equal((await old.next('pusher:error')).data.code, 4100);
    await old.closedWith(4100);
    await t.api().published('orders', 'news', '1');
    await two.quiet();
    await one.leave();
    await t.openWhenFree();
  });

  test('REF 1.3 the rows before it come first: an unknown key is 4001 even when the server is full', async (t) => {
    await t.openWhenFree();
    await t.openWhenFree();
    await t.attempt({ key: 'nobody' }).closedWith(4001);
  });
});
