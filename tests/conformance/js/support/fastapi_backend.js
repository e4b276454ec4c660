// The example examples/fastapi-backend as its README starts it, on a free port.
import { Process } from './process.js';
import { credentials, plainEnvironment } from './server.js';

class FastApiBackend {
  async start(server, app, environment) {
    const { appId, key, secret } = credentials(app);
    this.host = '127.0.0.1';
    this.process = new Process(
      process.env.FANFARE_FASTAPI_PYTHON,
      ['-m', 'uvicorn', '--factory', 'backend.app:create_app', '--host', this.host, '--port', '0'],
      {
        folder: process.env.FANFARE_FASTAPI_FOLDER,
        environment: {
          ...plainEnvironment(),
          PYTHONDONTWRITEBYTECODE: '1',
          PUSHER_APP_ID: appId,
          PUSHER_KEY: key,
          PUSHER_SECRET: secret,
          PUSHER_HOST: server.host,
          PUSHER_PORT: String(server.port),
          PUSHER_SSL: 'false',
          ...environment,
        },
      },
    );
    let found;
    await this.process.until(() => (found = /Uvicorn running on http:\/\/[^\s:]+:(\d+)/.exec(this.process.output)));
    this.port = Number(found[1]);
  }

  /** uvicorn stops what it has to stop, and then ends by the signal that it was sent. */
  async close() {
    const { code, signal } = await this.process.stop();
    if (code !== 0 && signal !== 'SIGTERM') {
      throw new Error(`the backend ended with code ${code}, signal ${signal}:\n${this.process.output.slice(-4000)}`);
    }
  }
}

/** Starts the example in front of `server`, for `app`. */
export async function startFastApiBackend(server, app, environment = {}) {
  const backend = new FastApiBackend();
  await backend.start(server, app, environment);
  return backend;
}
