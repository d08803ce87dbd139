import { request } from 'node:https';

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly body: string;
}

export interface ScriptedBrowser {
  /** Follows redirects within the host it began at; the first one that leads away is `url`, unasked, with status 0. */
  open(url: string, form?: Readonly<Record<string, string>>): Promise<Page>;
}

/** Cookies and redirects of one origin over verified TLS, and nothing else of a browser. */
export function scriptedBrowser(ca: string): ScriptedBrowser {
  const cookies = new Map<string, string>();

  const ask = async (url: URL, form?: Readonly<Record<string, string>>) => {
    const { promise, resolve, reject } = Promise.withResolvers<Page & { location?: string }>();
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) };
    const asked = request(url, { ca, agent: false, method: body === undefined ? 'GET' : 'POST', headers }, (answer) => {
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '' || /expires=thu, 01 jan 1970/i.test(line)) cookies.delete(name);
        else cookies.set(name, value);
      }
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const { location } = answer.headers;
        const page = { url: url.href, status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
        resolve(location === undefined ? page : { ...page, location });
      });
    });
    asked.on('error', reject);
    asked.end(body);
    return await promise;
  };

  return {
    open: async (first, form) => {
      let at = new URL(first);
      let page = await ask(at, form);
      for (let steps = 0; page.location !== undefined; steps += 1) {
        if (steps === 10) throw new Error(`more than 10 redirects from ${at.origin}`);
        const next = new URL(page.location, at);
        if (next.origin !== at.origin) return { url: next.href, status: 0, body: '' };
        at = next;
        page = await ask(at);
      }
      return page;
    },
  };
}
