import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';

/** An Express application on a port of its own. */
export class PageServer {
  private constructor(
    readonly url: string,
    readonly server: Server,
  ) {}

  static async open(configure: (app: Express) => void): Promise<PageServer> {
    const app = express();
    configure(app);
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PageServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
