// The network between browser and server, as firewalls and proxies spoil it: it lets HTTP pass and breaks WebSockets.
import { once } from 'node:events';
import net from 'node:net';

const kHost = '127.0.0.1';

/** What becomes of a connection that asks for a WebSocket. */
export const kPass = 'pass';
export const kRefuse = 'refuse'; // the upgrade is answered 403
export const kSwallow = 'swallow'; // it succeeds, and no frame arrives on either side
export const kCut = 'cut'; // it succeeds, and the connection ends at once
export const kCutLate = 'cut late'; // no frame arrives, and after a while the connection ends

const kLateMs = 8_000;

export class Network {
  constructor(target, websockets) {
    this.target = target;
    this.websockets = websockets;
    this.counts = { http: 0, websocket: 0, cut: 0 };
    this.sockets = new Set();
    this.listener = net.createServer((client) => this.accept(client));
  }

  static async open(target, websockets = kPass) {
    const network = new Network(target, websockets);
    network.listener.listen(0, kHost);
    await once(network.listener, 'listening');
    network.port = network.listener.address().port;
    return network;
  }

  /** New connections go to `target` from now on. */
  turnTo(target) {
    this.target = target;
  }

  accept(client) {
    this.hold(client);
    client.once('data', (first) => {
      const isWebSocket = /^GET [^\r]*\r\n[\s\S]*upgrade: *websocket/i.test(first.toString('latin1'));
      this.counts[isWebSocket ? 'websocket' : 'http'] += 1;
      if (isWebSocket && this.websockets === kRefuse) {
        client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return;
      }
      const server = net.connect(this.target.port, kHost);
      this.hold(server);
      for (const [one, other] of [
        [client, server],
        [server, client],
      ]) {
        one.on('close', () => other.destroy());
      }
      server.write(first);
      if (isWebSocket && this.websockets !== kPass) {
        this.spoil(client, server, this.websockets);
      } else {
        client.pipe(server);
        server.pipe(client);
      }
    });
  }

  // The answer to the upgrade passes; what is behind its empty line does not.
  spoil(client, server, how) {
    let head = '';
    server.on('data', (bytes) => {
      if (head.includes('\r\n\r\n')) return;
      head += bytes.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      client.write(Buffer.from(head.slice(0, end + 4), 'latin1'));
      if (how === kCut || how === kCutLate) setTimeout(() => this.cut(client), how === kCut ? 0 : kLateMs).unref();
    });
    client.on('data', () => {});
  }

  cut(client) {
    this.counts.cut += 1;
    client.end();
  }

  hold(socket) {
    this.sockets.add(socket);
    socket.setNoDelay(true).on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }

  close() {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
