// The C++ SDK through its program (sdk_bridge.cc), with the functions of the Node SDK that a test needs.
import { spawnSync } from 'node:child_process';
import { kMasterKey } from './pusher_client.js';
import { credentials } from './server.js';

const kDeadlineMs = 20_000;

/** What the program ended with when that was an error; `kind` as the C++ SDK names it. */
export class BridgeError extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

export class CppSdk {
  constructor(server, app) {
    const { appId, key, secret } = credentials(app);
    this.environment = {
      PATH: process.env.PATH,
      PUSHER_APP_ID: appId,
      PUSHER_KEY: key,
      PUSHER_SECRET: secret,
      PUSHER_HOST: server.host,
      PUSHER_PORT: String(server.port),
      PUSHER_SSL: 'false',
      PUSHER_ENCRYPTION_MASTER_KEY_BASE64: kMasterKey,
    };
  }

  /** Standard output of the verb. The server is another process, so it does not matter that this one waits. */
  run(verb, args, input = '') {
    const ended = spawnSync(process.env.FANFARE_SDK_BRIDGE, [verb, ...args], {
      env: this.environment,
      input,
      encoding: 'utf8',
      timeout: kDeadlineMs,
    });
    if (ended.error) throw ended.error;
    if (ended.status !== 0) throw new BridgeError(ended.stdout.trim(), ended.stderr.trim());
    return ended.stdout;
  }

  authorizeChannel(socketId, channel, member) {
    if (member === undefined) return JSON.parse(this.run('authorize', [socketId, channel]));
    const info = member.user_info === undefined ? [] : [JSON.stringify(member.user_info)];
    return JSON.parse(this.run('member', [socketId, channel, member.user_id, ...info]));
  }

  authenticateUser(socketId, user) {
    return JSON.parse(this.run('authenticate', [socketId, JSON.stringify(user)]));
  }

  trigger(channel, event, data) {
    return JSON.parse(this.run('trigger', [channel, event, JSON.stringify(data)]));
  }

  /** `events`: [channel, event, data] each. */
  triggerBatch(events) {
    return JSON.parse(this.run('batch', events.flatMap(([channel, event, data]) => [channel, event, JSON.stringify(data)])));
  }

  /** Names of the events of a webhook that is valid; throws otherwise. */
  webhook(key, signature, body) {
    return this.run('webhook', [key, signature], body).split('\n').filter(Boolean);
  }

  signWebhook(body) {
    return this.run('sign-webhook', [], body).trim();
  }
}
