import { createHash, randomBytes } from 'node:crypto';
import type { ProviderAnswer, RedirectProvider } from '../../application/ports/identity-providers.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { checkAssertion, checkIssuer } from './assertion-rules.ts';
import { identityOf, type SamlClaims } from './identity-of.ts';
import { nodeSaml, type ServiceProvider } from './node-saml.ts';
import { type ProviderMetadata, readProviderMetadata } from './provider-metadata.ts';
import { quoted, SamlRefusal, untrusted } from './refusal.ts';
import type { ResponseShape } from './response-shape.ts';
import { signedAssertion } from './signed-assertion.ts';
import { persistentFormat, attributeOf, childrenOf, spaces } from './xml-walk.ts';

export interface SamlSettings extends ServiceProvider {
  /** Name of the IdentityProvider resource. */
  readonly name: string;
  /** The provider's metadata: XML. */
  readonly metadata: string;
  readonly claims: SamlClaims;
}

interface Pending {
  readonly id: string;
  readonly askedAt: number;
}

/** A person has this long to log in at the provider, in milliseconds. */
const patience = 600_000;

/**
 * SAML 2.0 Web Browser SSO, started by us: the request by HTTP-Redirect, the answer by HTTP-POST. Throws SallyportError
 * for metadata that cannot be used. `now` gives milliseconds.
 */
export function samlProvider(settings: SamlSettings, now: () => number): RedirectProvider {
  const them = readProviderMetadata(settings.metadata);
  return {
    async begin() {
      if (now() >= them.validUntil) throw expired();
      const id = newId();
      const url = await nodeSaml(settings, them, id).getAuthorizeUrlAsync('', undefined, {});
      return { url, pending: JSON.stringify({ id, askedAt: now() } satisfies Pending) };
    },
    async finish(answer, pending) {
      try {
        return await finish(settings, them, answer.fields.SAMLResponse ?? '', readPending(pending), now());
      } catch (error) {
        if (error instanceof SamlRefusal) return { ok: false, reason: error.reason, detail: error.message };
        throw error;
      }
    },
    async logout(subject) {
      if (them.logout === null) return null;
      const user = { issuer: them.entityId, nameID: subject, nameIDFormat: persistentFormat };
      return await nodeSaml(settings, them, newId()).getLogoutUrlAsync(user, '', {});
    },
  };
}

async function finish(
  settings: SamlSettings,
  them: ProviderMetadata,
  field: string,
  { id, askedAt }: Pending,
  at: number,
): Promise<ProviderAnswer> {
  if (at >= them.validUntil) untrusted(expired().message);
  if (at - askedAt > patience) untrusted('the answer came more than 10 minutes after the request');
  const { assertion, shape } = await signedAssertion(field, settings, them);
  checkResponse(shape, settings.callbackUrl, id, them.entityId);
  const parties = { provider: settings.name, issuer: them.entityId, audience: settings.entityId };
  const { until, sessionEnd } = checkAssertion(assertion, {
    ...parties,
    recipient: settings.callbackUrl,
    inResponseTo: id,
    askedAt,
    now: at,
  });
  return {
    ok: true,
    identity: identityOf(assertion, settings.claims, parties),
    ...(sessionEnd === null ? {} : { until: new Date(sessionEnd).toISOString() }),
    once: {
      id: createHash('sha256')
        .update(`${them.entityId}\n${attributeOf(assertion, 'ID') ?? ''}`)
        .digest('hex'),
      until: new Date(Math.min(until, askedAt + patience)).toISOString(),
    },
  };
}

/** What the envelope says (SAML Bindings section 3.5.5.2). It may be unsigned, so it is only good for a no. */
function checkResponse({ response }: ResponseShape, callbackUrl: string, id: string, entityId: string): void {
  const destination = attributeOf(response, 'Destination') ?? '';
  if (destination !== callbackUrl)
    untrusted(`the Destination is ${quoted(destination)}, our address is ${quoted(callbackUrl)}`);
  if (attributeOf(response, 'InResponseTo') !== id) untrusted('the Response answers another request than ours');
  for (const issuer of childrenOf(response, spaces.assertion, 'Issuer')) checkIssuer(issuer, entityId);
}

function readPending(text: string): Pending {
  const value: unknown = JSON.parse(text);
  if (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'askedAt' in value &&
    typeof value.askedAt === 'number'
  )
    return { id: value.id, askedAt: value.askedAt };
  return untrusted('there is no request of ours that this could answer');
}

/** An xs:ID with 160 random bits. */
function newId(): string {
  return `_${randomBytes(20).toString('hex')}`;
}

function expired(): SallyportError {
  return new SallyportError(
    'unavailable',
    'saml-metadata-expired',
    'The metadata of the SAML provider is past its validUntil: fetch it anew.',
  );
}
