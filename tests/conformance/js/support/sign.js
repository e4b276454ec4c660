// The signatures of REF 3.4, 6.1 and 9.2, written from the reference and from no SDK.
import { createHash, createHmac } from 'node:crypto';

const hmac = (secret, text) => createHmac('sha256', secret).update(text).digest('hex');

/** REF 3.4: `auth` of a subscription. `channelData` counts when present, even when empty. */
export function channelAuth({ key, secret }, socketId, channel, channelData) {
  const text = channelData === undefined ? `${socketId}:${channel}` : `${socketId}:${channel}:${channelData}`;
  return `${key}:${hmac(secret, text)}`;
}

/** REF 6.1: `auth` of a signin. */
export function userAuth({ key, secret }, socketId, userData) {
  return `${key}:${hmac(secret, `${socketId}::user::${userData}`)}`;
}

export const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');

/**
 * REF 9.2: the signed query of a request. `query` adds parameters; `omit` leaves some of the auth parameters out, and
 * `auth` overrides them, before the signature is made.
 */
export function signedQuery({ key, secret }, { method, path, query = {}, body = '', auth = {}, omit = [] }) {
  const parameters = {
    ...query,
    auth_key: key,
    auth_timestamp: String(Math.floor(Date.now() / 1000)),
    auth_version: '1.0',
    ...(body.length > 0 ? { body_md5: md5(body) } : {}),
    ...auth,
  };
  for (const name of omit) delete parameters[name];
  const joined = Object.keys(parameters)
    .sort()
    .map((name) => `${name.toLowerCase()}=${parameters[name]}`)
    .join('&');
  const signature = hmac(secret, `${method}\n${path}\n${joined}`);
  return { parameters, signed: `${method}\n${path}\n${joined}`, signature };
}

/** The query as it goes on the wire. */
export function encodeQuery(parameters) {
  return Object.entries(parameters)
    .map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`)
    .join('&');
}
