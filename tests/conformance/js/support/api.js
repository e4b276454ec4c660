// The signed HTTP API without an SDK, so that tests may also ask wrongly.
import http from 'node:http';
import { encodeQuery, signedQuery } from './sign.js';

const kDeadlineMs = 10_000;

/** One HTTP request; resolves with status, headers, text and, where it parses, json. */
export function request(server, { method, target, headers = {}, body = '', agent }) {
  return new Promise((resolve, reject) => {
    const options = {
      host: server.host,
      port: server.port,
      method,
      path: target,
      headers,
      agent,
      timeout: kDeadlineMs,
    };
    const sent = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        let json;
        try {
          json = JSON.parse(text);
        } catch {
          json = undefined;
        }
        resolve({ status: response.statusCode, headers: response.headers, text, json, reused: sent.reusedSocket });
      });
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${target}`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Calls to the API of one app. */
export class Api {
  constructor(server, { appId, key, secret }) {
    Object.assign(this, { server, appId, credentials: { key, secret } });
  }

  /**
   * Signs and sends. `path` is below /apps/<id> unless `root` is set; `signature` replaces the right one; `tamper`
   * may change the signed parameters before they are sent.
   */
  send(method, path, { query, body = '', headers = {}, auth, omit, signature, tamper, root = false, agent } = {}) {
    const full = root ? path : `/apps/${this.appId}${path}`;
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const made = signedQuery(this.credentials, { method, path: full, query, body: text, auth, omit });
    const parameters = { ...made.parameters, ...(tamper ? tamper(made.parameters) : {}) };
    if (signature !== null) parameters.auth_signature = signature ?? made.signature;
    const contentType = text.length > 0 ? { 'Content-Type': 'application/json' } : {};
    const length = method === 'POST' ? { 'Content-Length': Buffer.byteLength(text) } : {};
    return request(this.server, {
      method,
      target: `${full}?${encodeQuery(parameters)}`,
      body: text,
      agent,
      headers: { ...contentType, ...length, ...headers },
    });
  }

  get(path, query, options = {}) {
    return this.send('GET', path, { query, ...options });
  }

  post(path, body, options = {}) {
    return this.send('POST', path, { body, ...options });
  }

  /** Publishes one event; `more` adds fields such as socket_id or info. */
  publish(channel, name, data, more = {}) {
    return this.post('/events', { name, channel, data, ...more });
  }

  /** Publishes and insists on REF 9.3's answer. */
  async published(channel, name, data, more = {}) {
    const answer = await this.publish(channel, name, data, more);
    if (answer.status !== 200 || answer.text !== '{}') {
      throw new Error(`publish to ${channel}: ${answer.status} ${answer.text}`);
    }
  }
}
