import { isIP } from 'node:net';
import { SallyportError } from '../domain/kernel/errors.ts';
import { addressSetting, type Config, listSetting } from './config.ts';

/**
 * The address that people's browsers have of the web, `https://host` or `https://host:port`: what redirects come back to
 * and passkeys are bound to. Null: the web is off. Errors: `invalid`, code `bad-public-url`.
 */
export function publicUrl(config: Config): string | null {
  const web = addressSetting(config, 'listen.web');
  if (web === null) return null;
  const given = config.get('publicUrl');
  if (given !== undefined) return checked(given);
  const [name = isEverywhere(web.host) ? 'localhost' : web.host] = listSetting(config, 'publicNames');
  return checked(`https://${isIP(name) === 6 ? `[${name}]` : name}:${String(web.port)}`);
}

/** In normal form: lower case, without the port 443, without a slash at the end. */
function checked(text: string): string {
  const url = URL.parse(text);
  const strange = url?.protocol !== 'https:' || url.href !== `${url.origin}/`;
  if (strange) {
    throw new SallyportError(
      'invalid',
      'bad-public-url',
      `publicUrl: ${text} is no address of a web; write https://name or https://name:port, without a path`,
    );
  }
  return url.origin;
}

function isEverywhere(host: string): boolean {
  return ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host);
}
