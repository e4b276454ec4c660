// What tls.test.js runs in a process of its own: $SCENARIO says what; the last line of output is the result as JSON.
import { Client, kClients, serverSdk } from './pusher_client.js';

const { name, port, plainPort, app } = JSON.parse(process.env.SCENARIO);
const cleanups = [];
const t = { app, server: { host: 'localhost', port }, onEnd: (cleanup) => cleanups.push(cleanup) };
const secure = { wssPort: port, forceTLS: true, enabledTransports: ['ws', 'wss'] };

async function overTls(Pusher) {
  const sdk = serverSdk(t.server, app, { useTLS: true });
  const client = new Client(t, Pusher, { sdk, options: secure, member: { user_id: 'u1' } });
  await client.connection.next('connected');
  const { events } = await client.subscribe('private-tls');
  const room = await client.subscribe('presence-tls');
  await sdk.trigger('private-tls', 'news', { n: 1 });
  const news = await events.next('news');
  const plain = new Client(t, Pusher, {
    server: { host: '127.0.0.1', port: plainPort },
    options: { activityTimeout: 1000 },
  });
  const error = await plain.connection.next('error');
  return { news, members: room.confirmed.count, plain: error.error?.data?.code ?? error.data?.code };
}

async function untrusted() {
  const client = new Client(t, kClients[0].Pusher, { options: secure });
  const connected = await Promise.race([
    client.connection.next('connected', 60_000).then(() => true),
    client.connection.next('unavailable', 60_000).then(() => false),
    client.connection.next('error', 60_000).then(() => false),
  ]);
  return { connected };
}

const found = kClients.find(({ version }) => version === name);
const result = await (found ? overTls(found.Pusher) : untrusted());
for (const cleanup of cleanups) cleanup();
console.log(JSON.stringify(result));
process.exit(0);
