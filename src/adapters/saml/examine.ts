import { type Asking, stepOf } from '../../application/asking.ts';
import { clockFinding } from '../../application/certificate-finding.ts';
import { type Finding, ok, problem, warning } from '../../application/finding.ts';
import { httpsGet } from '../../wire/https-get.ts';
import { leadsInside } from '../../wire/inside-address.ts';
import { fetchMetadata } from './fetch-metadata.ts';
import { type ProviderMetadata, readProviderMetadata } from './provider-metadata.ts';
import { samlProvider, type SamlSettings } from './saml-provider.ts';
import { skew } from './times.ts';

const day = 86_400_000;

export interface SamlExamination extends Asking {
  readonly settings: SamlSettings;
  /** PEM of who may vouch for the provider's servers; null: the authorities that come with the runtime. */
  readonly ca: string | null;
}

/** What is wrong with a SAML provider, and how to mend it. Asks for its login page as a browser would. */
export async function examineSaml(examination: SamlExamination): Promise<readonly Finding[]> {
  const { settings, ca, resolve, now, signal } = examination;
  let xml = settings.metadata;
  const source = xml.startsWith('https://') ? new URL(xml) : null;
  let them: ProviderMetadata;
  try {
    if (source !== null) xml = await fetchMetadata({ url: xml, ca, resolve }, stepOf(signal));
    them = readProviderMetadata(xml);
  } catch (error) {
    return [
      problem('metadata', (error as Error).message, 'mend spec.metadata, and spec.tls.ca if its CA is an own one'),
    ];
  }
  const { username, email, groups, attributes } = settings.claims;
  const released = [username, email, groups, ...Object.values(attributes)].filter((name) => name !== null);
  const names = released.length === 0 ? 'none' : released.join(', ');
  return [
    validity(them, now()),
    ok('claims', `attributes that the provider has to release: ${names}; whether it does shows at a login`),
    ...(await signOn({ ...examination, settings: { ...settings, metadata: xml } }, them, source)),
  ];
}

function validity(them: ProviderMetadata, now: Date): Finding {
  const left = them.validUntil - now.getTime();
  if (left <= 0)
    return problem('metadata', 'is past its validUntil', 'fetch it anew, or name its address in spec.metadata');
  const message = `is of ${them.entityId}, with ${them.signingCertificates.length} certificate(s) for signing`;
  return left < 14 * day ? warning('metadata', `${message}, and ends soon`, 'fetch it anew') : ok('metadata', message);
}

async function signOn(
  { settings, ca, resolve, now, signal }: SamlExamination,
  them: ProviderMetadata,
  /** Whence the metadata was fetched; null: an administrator wrote it down. */
  source: URL | null,
): Promise<readonly Finding[]> {
  const check = 'redirect address';
  const register = `register our metadata at the provider: entity ${settings.entityId}, address ${settings.callbackUrl}`;
  try {
    const { url } = await samlProvider(settings, () => now().getTime()).begin();
    const at = new URL(url);
    const place = await resolve(at.hostname.replace(/^\[|\]$/g, ''), at.port === '' ? 443 : Number(at.port));
    if (place.leadsToUs)
      return [problem(check, 'the login page of the metadata is a port of our own', 'mend spec.metadata')];
    if (source !== null && leadsInside(at, source, place.addresses)) {
      const what = `the metadata names ${at.origin}, another host than its own, with a loopback or link-local address`;
      return [problem(check, what, 'mend it there, or write the XML itself into spec.metadata')];
    }
    const answer = await httpsGet(at, { addresses: place.addresses, ca, signal: stepOf(signal), mostBytes: 1_048_576 });
    const clock = answer.date === null ? [] : [clockFinding('clock', answer.date, now(), skew / 1000)];
    const refused = `${at.origin} refuses our request (status ${answer.status})`;
    return [
      ...clock,
      answer.status >= 400 ? problem(check, refused, register) : ok(check, `${at.origin} takes our request`),
    ];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const where = new URL(them.signOn).origin;
    return [warning(check, `the login page at ${where} could not be looked at: ${code ?? message}`, register)];
  }
}
