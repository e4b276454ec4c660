// An application's backend under test: `fanfare gateway`, or one that does its job; and its users with their tokens.
import { createHmac } from 'node:crypto';
import { request } from './api.js';
import { Client } from './pusher_client.js';

export const kJwtSecret = 'a secret for tokens of thirty-two bytes and more';

/** A token that the backends believe, unless `secret` or `header` is another one. */
export function token(claims, { secret = kJwtSecret, header = { alg: 'HS256', typ: 'JWT' } } = {}) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const text = `${encode(header)}.${encode({ exp, ...claims })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

export const kTeacher = { sub: 't1', role: 'teacher', name: 'Ida' };
export const kStudents = [
  { sub: 's1', role: 'student', name: 'Bo "the one"' },
  { sub: 2, role: 'student', name: 'Zoë' },
];
export const kAdmin = { sub: 'a1', role: 'admin' };
export const kService = { sub: 'backend', role: 'service' };

/** A backend's address, as pages and other servers use it. */
export class Backend {
  constructor({ host, port }) {
    this.host = host;
    this.port = port;
  }

  /** What a page of `claims`' user configures; `secret` signs its token. */
  pageOptions(claims, secret) {
    const base = `http://${this.host}:${this.port}/api/v1/pusher`;
    const headers = { Authorization: `Bearer ${token(claims, { secret })}` };
    return {
      channelAuthorization: { endpoint: `${base}/auth`, transport: 'ajax', headers },
      userAuthentication: { endpoint: `${base}/user-auth`, transport: 'ajax', headers },
    };
  }

  /** A connected page of `claims`' user. */
  page(t, Pusher, claims, secret) {
    return Client.connect(t, Pusher, { options: this.pageOptions(claims, secret) });
  }

  /** `caller`: claims, or a token that is ready; undefined: nobody. */
  call(method, target, caller, body) {
    const bearer = typeof caller === 'object' ? token(caller) : caller;
    return request(this, {
      method,
      target,
      headers: {
        'Content-Type': 'application/json',
        ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
      },
      body: body === undefined ? '' : JSON.stringify(body),
    });
  }

  authorize(caller, channel, socketId = '1.2') {
    return this.call('POST', '/api/v1/pusher/auth', caller, { socket_id: socketId, channel_name: channel });
  }

  trigger(caller, body) {
    return this.call('POST', '/api/v1/realtime/trigger', caller, body);
  }

  webhook(body, headers) {
    return request(this, {
      method: 'POST',
      target: '/pusher/webhook',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    });
  }
}
