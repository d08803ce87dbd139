import { type Asking, stepOf } from '../../application/asking.ts';
import { certificateFinding, clockFinding } from '../../application/certificate-finding.ts';
import { type Finding, ok, problem, warning } from '../../application/finding.ts';
import type { ResolveTarget } from '../../application/ports/system.ts';
import { connectTo, type HttpsAnswer, httpsGet } from '../../wire/https-get.ts';
import { lookAtCertificate } from '../../wire/look-at-certificate.ts';
import { clockToleranceSeconds } from './id-token.ts';
import { placeOf } from './place.ts';
import { oidcProvider } from './redirect-provider.ts';
import type { OidcSettings } from './settings.ts';

const mostBytes = 1_048_576;

/**
 * What is wrong with a provider of OpenID Connect, and how to mend it. Begins a login as a browser would, and shows the
 * provider a made-up code, to see whether it knows our address and our secret. Nobody is logged in by it.
 */
export async function examineOidc(settings: OidcSettings, asking: Asking): Promise<readonly Finding[]> {
  const { resolve, now } = asking;
  const issuer = new URL(settings.issuer);
  const get = async (url: URL): Promise<HttpsAnswer> => {
    const { addresses } = await placeOf(url, issuer, resolve);
    const signal = stepOf(asking.signal);
    return await httpsGet(url, { addresses, ca: settings.ca, signal, mostBytes });
  };
  try {
    const certificate = await certificateOf(settings, issuer, asking);
    if (certificate.state === 'problem') return [certificate];
    const answer = await get(new URL(`${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
    const clock = answer.date === null ? [] : [clockFinding('clock', answer.date, now(), clockToleranceSeconds)];
    const described = description(answer, settings);
    const findings = [certificate, ...clock, ...described];
    if (described.some(({ check, state }) => check === 'issuer' && state === 'problem')) return findings;
    return [...findings, await redirectAddress(settings, resolve, get), await client(settings, resolve)];
  } catch (error) {
    const mend = 'look at spec.issuer, at the name server and at the network';
    return [problem('issuer', `cannot be asked: ${(error as Error).message}`, mend)];
  }
}

async function certificateOf(
  settings: OidcSettings,
  issuer: URL,
  { resolve, now, signal: all }: Asking,
): Promise<Finding> {
  const { addresses } = await placeOf(issuer, issuer, resolve);
  const host = issuer.hostname.replace(/^\[|\]$/g, '');
  const signal = stepOf(all);
  const socket = await connectTo(host, issuer.port === '' ? 443 : Number(issuer.port), addresses, signal);
  const seen = await lookAtCertificate(socket, host, settings.ca, signal);
  return certificateFinding('certificate', host, seen, settings.ca !== null, now());
}

/** What the discovery document (OpenID Connect Discovery 1.0 section 3) says against our settings. */
function description({ status, body }: HttpsAnswer, settings: OidcSettings): readonly Finding[] {
  const mend = 'write spec.issuer as the provider names it, letter for letter';
  const document = status === 200 ? objectOf(body.toString('utf8')) : null;
  if (document === null) return [problem('issuer', `has no discovery document (status ${status})`, mend)];
  if (document.issuer !== settings.issuer) {
    const named = typeof document.issuer === 'string' ? document.issuer.slice(0, 200) : 'nothing';
    return [problem('issuer', `calls itself ${named}`, mend)];
  }
  const findings = [ok('issuer', 'is who it should be')];
  const algorithm = settings.algorithm ?? 'RS256';
  if (lacks(document.id_token_signing_alg_values_supported, [algorithm]).length > 0)
    findings.push(
      problem('algorithm', `${algorithm} is none the provider signs with`, 'set spec.algorithm to one it has'),
    );
  const scopes = lacks(document.scopes_supported, settings.scopes);
  if (scopes.length > 0)
    findings.push(
      warning('scopes', `the provider does not name ${scopes.join(', ')}`, 'add it there, or mend spec.scopes'),
    );
  const { username = 'preferred_username', groups = 'groups', attributes = {} } = settings.claims;
  const claims = lacks(document.claims_supported, [username, groups, ...Object.values(attributes)]);
  if (claims.length > 0) {
    const what = `the provider does not name ${claims.join(', ')}`;
    findings.push(
      warning('claims', what, 'have it put into the id token or userinfo there, or mend spec.claims and spec.scopes'),
    );
  }
  return findings;
}

/** What a list leaves out; a provider that has no list says nothing. */
function lacks(list: unknown, wanted: readonly string[]): readonly string[] {
  return Array.isArray(list) ? wanted.filter((each) => !list.includes(each)) : [];
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** A provider that does not know our address shows an error page instead of its login page (RFC 6749 section 4.1.2.1). */
async function redirectAddress(
  settings: OidcSettings,
  resolve: ResolveTarget,
  get: (url: URL) => Promise<HttpsAnswer>,
): Promise<Finding> {
  const check = 'redirect address';
  const mend = `register ${settings.redirectUri} at the provider for spec.clientId, letter for letter`;
  const { url } = await oidcProvider(settings, resolve).begin();
  const { status, location, body } = await get(new URL(url));
  // Entra ID shows its error pages with status 200.
  if (status >= 400 || body.includes('AADSTS50011'))
    return problem(check, `a login there is refused (status ${status}), most often because it is not registered`, mend);
  if (location?.startsWith(settings.redirectUri) === true) {
    const word = new URL(location).searchParams.get('error') ?? '';
    if (/^[a-z_]{1,40}$/.test(word) && word !== 'login_required')
      return problem(
        check,
        `is known, but a login is refused (${word})`,
        'look at the grants and scopes of the client there',
      );
  }
  return ok(check, `${settings.redirectUri} is taken`);
}

async function client(settings: OidcSettings, resolve: ResolveTarget): Promise<Finding> {
  const provider = oidcProvider(settings, resolve);
  const { url, pending } = await provider.begin();
  const back = new URL(settings.redirectUri);
  back.searchParams.set('code', 'sallyport-doctor');
  back.searchParams.set('state', new URL(url).searchParams.get('state') ?? '');
  back.searchParams.set('iss', settings.issuer);
  const answer = await provider.finish({ url: back.href, fields: {} }, pending);
  const detail = answer.ok ? 'a code that nobody gave out was taken' : answer.detail;
  if (detail.includes('does not take the code')) return ok('client', 'spec.clientId and spec.clientSecret are right');
  if (detail.includes('refuses this client'))
    return problem('client', detail, 'compare spec.clientId, and apply spec.clientSecret with --set-secrets');
  return warning('client', `whether the secret is right could not be seen: ${detail}`, 'try a login');
}
