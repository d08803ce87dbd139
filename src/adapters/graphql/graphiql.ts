import { createHash } from 'node:crypto';

export interface GraphiqlPage {
  readonly html: string;
  readonly csp: string;
}

let page: Promise<GraphiqlPage> | undefined;

/** GraphiQL with all its assets inside; 9 MB, so it is loaded when first asked for. */
export async function graphiqlPage(): Promise<GraphiqlPage> {
  page ??= build();
  return page;
}

async function build(): Promise<GraphiqlPage> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({ title: 'Sallyport GraphiQL', endpoint: '/graphql' });
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script ?? '');
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  // The editor writes style elements and starts its workers from blobs; nothing comes from or goes to another host.
  const csp = [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, csp };
}
