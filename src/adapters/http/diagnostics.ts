import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Metric, metricsText, processMetrics } from './metrics.ts';

export interface DiagnosticsOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** Why this process is not ready; empty when it is. */
  readonly notReady: () => readonly string[] | Promise<readonly string[]>;
  /** What the parts of the process count; those of the process itself are added. */
  readonly metrics: () => readonly Metric[] | Promise<readonly Metric[]>;
}

/** Plain HTTP for probes and Prometheus; meant for loopback, and says nothing of people or secrets. */
export async function startDiagnostics(
  options: DiagnosticsOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer({ maxHeaderSize: 8192, requestTimeout: 10_000 }, (request, response) => {
    answer(request.method === 'GET' ? (request.url ?? '') : '', response, options).catch(() => {
      if (!response.headersSent) send(response, 503, 'text/plain; charset=utf-8', 'unavailable\n');
    });
  });
  server.maxConnections = 64;
  server.listen(options.listen);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(path: string, response: ServerResponse, options: DiagnosticsOptions): Promise<void> {
  if (path === '/healthz') {
    send(response, 200, 'text/plain; charset=utf-8', 'ok\n');
  } else if (path === '/readyz') {
    const reasons = await options.notReady();
    const ready = reasons.length === 0;
    send(response, ready ? 200 : 503, 'application/json', JSON.stringify({ ready, reasons }));
  } else if (path === '/metrics') {
    const text = metricsText([...processMetrics(), ...(await options.metrics())]);
    send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', text);
  } else {
    send(response, 404, 'text/plain; charset=utf-8', 'Only GET /healthz, /readyz and /metrics are here.\n');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
}
