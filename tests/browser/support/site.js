// The site that a browser opens: a page with pusher-js's web build, its auth endpoint, and SockJS's script.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { channelAuth } from './sign.js';

const require = createRequire(import.meta.url);
const script = (name) => readFileSync(require.resolve(`${name}`));
const kMasterKey = Buffer.alloc(32, 7);

/** The key of an encrypted channel. Source: Pusher, "End-to-end encryption" */
export function sharedSecret(channel) {
  return createHash('sha256').update(channel).update(kMasterKey).digest();
}

const page = (version) => `<!DOCTYPE html>
<html><head><meta charset="UTF-8"><link rel="icon" href="data:,"></head><body>
<script src="/pusher-${version}.js"></script>
<script src="/sockjs.js"></script>
<script>
  // SockJS's frame loads the script of this site, not that of a CDN.
  const Original = window.SockJS;
  window.SockJS = function (url, protocols, options) {
    return new Original(url, protocols, { ...options, js_path: location.origin + '/sockjs.js' });
  };
  window.log = [];
  window.start = (key, options) => {
    window.options = options;
    window.pusher = new Pusher(key, options);
    pusher.connection.bind('state_change', ({ current }) => log.push(['state', current]));
    pusher.connection.bind('error', (error) => log.push(['error', JSON.stringify(error)]));
  };
  window.subscribe = (name) => {
    const channel = pusher.subscribe(name);
    channel.bind_global((event, data) => log.push([name, event, data && data.members ? data.count : data]));
    return name;
  };
  window.transport = () => pusher.connection.connection && pusher.connection.connection.transport.name;
</script></body></html>`;

export class Site {
  constructor(app) {
    this.app = app;
    this.listener = http.createServer((request, response) => this.answer(request, response));
  }

  static async open(app) {
    const site = new Site(app);
    site.listener.listen(0, '127.0.0.1');
    await once(site.listener, 'listening');
    site.origin = `http://127.0.0.1:${site.listener.address().port}`;
    return site;
  }

  async answer(request, response) {
    const files = {
      '/': ['text/html', page(8)],
      '/7': ['text/html', page(7)],
      '/pusher-8.js': ['text/javascript', script('pusher-js/dist/web/pusher-with-encryption.js')],
      '/pusher-7.js': ['text/javascript', script('pusher-js-7/dist/web/pusher-with-encryption.js')],
      '/sockjs.js': ['text/javascript', script('pusher-js/dist/web/sockjs.js')],
    };
    const path = request.url.split('?')[0];
    if (files[path]) {
      response.writeHead(200, { 'Content-Type': files[path][0] }).end(files[path][1]);
    } else if (path === '/auth') {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(this.authorize(body)));
    } else {
      response.writeHead(404).end();
    }
  }

  authorize(body) {
    const form = new URLSearchParams(body);
    const channel = form.get('channel_name');
    const pair = this.app.keys[0];
    const answer = {};
    if (channel.startsWith('presence-')) answer.channel_data = JSON.stringify({ user_id: form.get('user') ?? 'someone' });
    answer.auth = channelAuth(pair, form.get('socket_id'), channel, answer.channel_data);
    if (channel.startsWith('private-encrypted-')) answer.shared_secret = sharedSecret(channel).toString('base64');
    return answer;
  }

  close() {
    this.listener.closeAllConnections();
    this.listener.close();
  }
}
