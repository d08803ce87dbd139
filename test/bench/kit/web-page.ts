import type { WebSocket } from 'ws';
import type { Product } from '../../e2e/product.ts';
import { logInOnWeb } from '../../e2e/web/web-login.ts';

/** A page with a terminal at a target, as a browser would have one. */
export interface WebPage {
  /** Bytes it got so far. */
  readonly got: number;
  /** The last bytes of it. */
  readonly tail: string;
  type(keys: string): void;
  /** Resolves when `fits` is true after some bytes have come. */
  until(fits: () => boolean): Promise<void>;
  close(): void;
}

/** Logs in at a running product as a browser does, and opens a terminal whose shell has shown its prompt. */
export async function openWebPage(product: Product, target: string): Promise<WebPage> {
  return await pageOn(await (await logInOnWeb(product)).terminal(target));
}

async function pageOn(socket: WebSocket): Promise<WebPage> {
  let got = 0;
  let acknowledged = 0;
  let tail = '';
  let waiting: { readonly fits: () => boolean; readonly resolve: () => void } | undefined;
  const ready = Promise.withResolvers<undefined>();
  socket.on('open', () => socket.send(JSON.stringify({ type: 'open', columns: 80, rows: 24 })));
  socket.on('error', ready.reject);
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) {
      const { type, message } = JSON.parse(data.toString()) as { type: string; message?: string };
      if (type === 'opened') ready.resolve(undefined);
      if (type === 'end') ready.reject(new Error(message));
      return;
    }
    got += data.length;
    tail = (tail + data.subarray(-200).toString('latin1')).slice(-400);
    if (got - acknowledged >= 262_144) {
      acknowledged = got;
      socket.send(JSON.stringify({ type: 'ack', offset: got }));
    }
    if (waiting?.fits() === true) {
      waiting.resolve();
      waiting = undefined;
    }
  });
  await ready.promise;
  const page: WebPage = {
    get got() {
      return got;
    },
    get tail() {
      return tail;
    },
    type: (keys) => socket.send(Buffer.from(keys)),
    until: async (fits) => {
      if (!fits()) await new Promise<void>((resolve) => (waiting = { fits, resolve }));
    },
    close: () => {
      socket.send(JSON.stringify({ type: 'close' }));
      socket.close();
    },
  };
  await page.until(() => got > 0);
  return page;
}
