// Unmodified pusher-js and the official server SDK over TLS, with the certificate of --tls-dev.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kClients } from '../support/pusher_client.js';
import { demoApp, namedApp } from '../support/server.js';
import { suite } from '../support/suite.js';

const apps = [demoApp({ tls_only: true }), namedApp('open')];

// Node reads NODE_EXTRA_CA_CERTS when it starts, and the authority is made by the server's start.
async function runScenario(t, name, trustsServer = true) {
  const authority = join(t.server.folder, 'data', 'tls', 'ca.pem');
  const { NODE_EXTRA_CA_CERTS: ignored, ...environment } = process.env;
  const child = spawn(process.execPath, [fileURLToPath(new URL('../support/tls_scenario.js', import.meta.url))], {
    env: {
      ...environment,
      ...(trustsServer ? { NODE_EXTRA_CA_CERTS: authority } : {}),
      SCENARIO: JSON.stringify({ name, port: t.server.tlsPort, plainPort: t.server.port, app: t.app }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, output);
  return JSON.parse(output.split('\n').at(-2));
}

suite('TLS', { apps, args: ['--tls-dev', '--tls-port', '0'] }, (test) => {
  for (const { version } of kClients) {
    test(`pusher-js ${version} over wss, the server SDK over https`, async (t) => {
      const result = await runScenario(t, version);
      assert.deepEqual(result, { news: { n: 1 }, members: 1, plain: 4000 });
    });
  }

  test('pusher-js does not connect to a server whose authority it does not know', async (t) => {
    assert.deepEqual(await runScenario(t, 'untrusted', false), { connected: false });
  });
});
