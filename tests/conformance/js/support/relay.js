// A TCP relay, as a load balancer is one: clients keep one address while servers come and go behind it.
import { once } from 'node:events';
import net from 'node:net';

export class Relay {
  constructor(target) {
    this.target = target;
    this.sockets = new Set();
    this.listener = net.createServer((client) => {
      const server = net.connect(this.target.port, this.target.host);
      for (const [from, to] of [
        [client, server],
        [server, client],
      ]) {
        this.sockets.add(from);
        from.setNoDelay(true).pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
      }
    });
  }

  static async open(target) {
    const relay = new Relay(target);
    relay.listener.listen(0, target.host);
    await once(relay.listener, 'listening');
    relay.host = target.host;
    relay.port = relay.listener.address().port;
    return relay;
  }

  /** New connections go to `target` from now on; those that stand stay where they are. */
  turnTo(target) {
    this.target = target;
  }

  close() {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
