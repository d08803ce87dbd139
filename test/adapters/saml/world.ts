import { afterAll, afterEach, beforeAll } from 'vitest';
import { samlProvider, type SamlSettings } from '../../../src/adapters/saml/saml-provider.ts';
import { serviceMetadata } from '../../../src/adapters/saml/node-saml.ts';
import type { ProviderAnswer, RedirectProvider } from '../../../src/application/ports/identity-providers.ts';
import { type SamlIdp, startSamlIdp } from '../../kit/saml-idp.ts';

export const us = {
  entityId: 'https://sallyport.example/auth/saml',
  callbackUrl: 'https://sallyport.example/auth/saml/acs',
};
const claims = { username: 'uid', email: 'mail', groups: 'memberOf', attributes: { department: 'ou', room: 'room' } };
const people = {
  mary: {
    nameId: 'p-7f3a',
    attributes: { uid: ['mary'], mail: ['mary@example.com'], memberOf: ['dba & friends', 'ops'], ou: ['eng', 'r&d'] },
  },
  bare: { nameId: 'p-0001', attributes: {} },
};

export interface SamlWorld {
  readonly idp: SamlIdp;
  readonly provider: RedirectProvider;
  settings(): SamlSettings;
  /** Our clock is this far ahead of the true one, in milliseconds. */
  ahead: number;
  /** One login of mary up to the answer. `change` works on the XML of the signed response. */
  signIn(change?: (xml: string) => string): Promise<{ pending: string; fields: Record<string, string> }>;
  /** The same, and what our provider says of it. */
  attempt(change?: (xml: string) => string): Promise<ProviderAnswer>;
}

/** A real identity provider and ours, for the tests of one file. */
export function samlWorld(): SamlWorld {
  let idp: SamlIdp;
  let metadata: string;
  let provider: RedirectProvider;
  beforeAll(async () => {
    idp = await startSamlIdp({ service: serviceMetadata(us), people });
    metadata = await idp.metadata();
    provider = samlProvider(world.settings(), () => Date.now() + world.ahead);
  });
  afterEach(() => {
    idp.behave({});
    world.ahead = 0;
  });
  afterAll(async () => {
    await idp.close();
  });
  const world: SamlWorld = {
    get idp() {
      return idp;
    },
    get provider() {
      return provider;
    },
    settings: () => ({ ...us, name: 'corp', metadata, claims }),
    ahead: 0,
    async signIn(change = (xml) => xml) {
      const { url, pending } = await provider.begin();
      const { fields } = await idp.logIn(url, 'mary');
      return { pending, fields: { ...fields, SAMLResponse: recoded(fields.SAMLResponse!, change) } };
    },
    async attempt(change) {
      const { pending, fields } = await world.signIn(change);
      return await provider.finish({ url: us.callbackUrl, fields }, pending);
    },
  };
  return world;
}

function recoded(base64: string, change: (xml: string) => string): string {
  return Buffer.from(change(Buffer.from(base64, 'base64').toString('utf8'))).toString('base64');
}
