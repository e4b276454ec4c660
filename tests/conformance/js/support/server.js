// Starts the real binary on free ports with a given configuration, and stops it by its process id.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Process } from './process.js';
import { toToml } from './toml.js';

export const kKey = 'demo-key-0001';
export const kSecret = 'demo-secret-0001';

/** An app with REF 0.4's credentials and every feature on but counting; `overrides` replaces any key. */
export function demoApp(overrides = {}) {
  return {
    id: '42',
    name: 'demo',
    keys: [{ key: kKey, secret: kSecret }],
    client_events: true,
    watchlist: true,
    ...overrides,
  };
}

/** Another app beside the demo one: id, key and secret follow from its name. */
export function namedApp(name, overrides = {}) {
  return demoApp({ id: `id-${name}`, name, keys: [{ key: `key-${name}`, secret: `secret-${name}` }], ...overrides });
}

/** The credentials that clients and SDKs need for `app`. */
export function credentials(app) {
  return { appId: app.id, key: app.keys[0].key, secret: app.keys[0].secret };
}

// FANFARE_… and PUSHER_… variables are settings to the server; the tests' own and the machine's are none of it.
export function plainEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(FANFARE|PUSHER|JWT)_/.test(name)));
}

class Server {
  constructor(folder, args, { command = 'serve', environment = {} } = {}) {
    this.folder = folder;
    this.args = args;
    this.command = command;
    this.environment = environment;
    this.host = '127.0.0.1';
  }

  async start() {
    const binary = process.env.FANFARE_BINARY;
    if (!binary) throw new Error('FANFARE_BINARY names no server to test');
    const readyFile = join(this.folder, 'ready.json');
    rmSync(readyFile, { force: true });
    this.process = new Process(
      binary,
      [
        this.command,
        '--config',
        join(this.folder, 'fanfare.toml'),
        '--host',
        this.host,
        '--port',
        '0',
        '--metrics-port',
        '0',
        '--data-dir',
        join(this.folder, 'data'),
        '--ready-file',
        readyFile,
        ...this.args,
      ],
      { environment: { ...plainEnvironment(), ...this.environment } },
    );
    await this.process.until(() => existsSync(readyFile));
    const ready = JSON.parse(readFileSync(readyFile, 'utf8'));
    this.port = ready.port;
    this.metricsPort = ready.metrics_port;
    this.gatewayPort = ready.gateway_port;
    this.tlsPort = ready.tls_port;
  }

  /** What it has written so far, to standard output and error. */
  get output() {
    return this.process.output;
  }

  /** Sends SIGTERM and waits for the end; returns how the process ended. */
  stop() {
    return this.process.stop();
  }

  async close() {
    const end = await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
    if (end.signal !== null || end.code !== 0) {
      throw new Error(`the server ended with code ${end.code}, signal ${end.signal}:\n${this.output.slice(-4000)}`);
    }
  }
}

/** Starts a server with `apps` and the `[server]` keys in `server`. */
export async function startServer({ apps = [demoApp()], server = {}, args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-conformance-'));
  const config = { server: { drain_seconds: 1, ...server }, log: { level: 'warn' }, apps };
  writeFileSync(join(folder, 'fanfare.toml'), toToml(config));
  const started = new Server(folder, args);
  try {
    await started.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return started;
}

/** Starts `fanfare gateway` in front of `server`, for `app`, configured as a team would move it from hosted Pusher. */
export async function startGateway(server, app, environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-conformance-'));
  writeFileSync(join(folder, 'fanfare.toml'), toToml({ log: { level: 'warn' }, apps: [] }));
  const { appId, key, secret } = credentials(app);
  const gateway = new Server(folder, ['--gateway-port', '0', '--gateway-metrics-port', '0'], {
    command: 'gateway',
    environment: {
      PUSHER_APP_ID: appId,
      PUSHER_KEY: key,
      PUSHER_SECRET: secret,
      PUSHER_HOST: server.host,
      PUSHER_PORT: String(server.port),
      PUSHER_SSL: 'false',
      ...environment,
    },
  });
  await gateway.start();
  return gateway;
}
