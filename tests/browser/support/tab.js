// A page in the browser that runs pusher-js, and that every request is watched of.
import { setTimeout as delay } from 'node:timers/promises';

const kPatienceMs = 60_000;

export class Tab {
  constructor(page) {
    this.page = page;
    this.requests = [];
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('websocket', (socket) => this.requests.push(socket.url()));
    page.on('pageerror', (error) => this.requests.push(`error:${error}`));
  }

  /** `version`: of pusher-js. */
  static async open(browser, site, version = 8) {
    const tab = new Tab(await (await browser.newContext()).newPage());
    tab.site = site;
    await tab.page.goto(site.origin + (version === 8 ? '/' : `/${version}`));
    return tab;
  }

  /** Starts pusher-js against `network`, in front of the server. */
  async start(network, transports, { user = 'someone', options = {} } = {}) {
    const host = '127.0.0.1';
    await this.page.evaluate(
      ([key, given]) => window.start(key, given),
      [
        this.site.app.keys[0].key,
        {
          cluster: 'local',
          wsHost: host,
          wsPort: network.port,
          httpHost: host,
          httpPort: network.port,
          forceTLS: false,
          enabledTransports: transports,
          channelAuthorization: { endpoint: '/auth', params: { user } },
          ...options,
        },
      ],
    );
    return this;
  }

  evaluate(script, argument) {
    return this.page.evaluate(script, argument);
  }

  state() {
    return this.evaluate(() => pusher.connection.state);
  }

  transport() {
    return this.evaluate(() => transport());
  }

  socketId() {
    return this.evaluate(() => pusher.connection.socket_id);
  }

  connected() {
    return this.until(() => this.evaluate(() => pusher.connection.state === 'connected'), 'connected');
  }

  async until(reached, what) {
    const deadline = Date.now() + kPatienceMs;
    for (;;) {
      const found = await reached();
      if (found) return found;
      if (Date.now() > deadline) {
        throw new Error(`never came: ${what}\n${JSON.stringify(await this.log()).slice(0, 4000)}`);
      }
      await delay(20);
    }
  }

  log() {
    return this.evaluate(() => log);
  }

  /** What `channel` was told as `event`, in order. */
  async events(channel, event) {
    return (await this.log()).filter(([name, found]) => name === channel && found === event).map(([, , data]) => data);
  }

  /** Subscribes, and waits until that stands. */
  async subscribe(channel) {
    const before = (await this.events(channel, 'pusher:subscription_succeeded')).length;
    await this.evaluate((name) => subscribe(name), channel);
    await this.subscribed(channel, before + 1);
  }

  subscribed(channel, times = 1) {
    return this.until(
      async () => (await this.events(channel, 'pusher:subscription_succeeded')).length >= times,
      `the subscription to ${channel}`,
    );
  }

  /** Waits for `count` events, and returns all of them. */
  received(channel, event, count) {
    return this.until(async () => {
      const found = await this.events(channel, event);
      return found.length >= count ? found : null;
    }, `${count} times ${event} in ${channel}`);
  }

  /** Requests that went anywhere but to this machine, and errors of scripts. */
  strays() {
    return this.requests.filter((url) => !/^(http|ws):\/\/127\.0\.0\.1:|^data:/.test(url));
  }

  async close() {
    await this.page.context().close();
  }
}
