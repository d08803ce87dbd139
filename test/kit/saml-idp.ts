import type { IncomingMessage } from 'node:http';
import { createServer, request } from 'node:https';
import { Constants, IdentityProvider, SamlLib, ServiceProvider, setSchemaValidator } from 'samlify';
import { type Certified, makeTestCa } from './certificates.ts';
import { freePort } from './ports.ts';

// samlify asks for a validator of the XML schema; what it parses here is what we sent ourselves.
setSchemaValidator({ validate: async () => 'ok' });

const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
const binding = (name: string) => `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-${name}`;

/** Somebody who can log in at the identity provider. */
export interface SamlPerson {
  readonly nameId: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export interface SamlIdpOptions {
  /** Metadata of the one service provider it knows. */
  readonly service: string;
  readonly people: Readonly<Record<string, SamlPerson>>;
}

/** How the next answers are made; anything left out is done right. */
export interface SamlManners {
  readonly sign?: 'both' | 'response' | 'assertion';
  readonly signatureAlgorithm?: string;
  /** Another key than the one in the metadata. */
  readonly signer?: Certified;
  /** Instead of the right values of samlify's template: Audience, SubjectRecipient, Destination, NameID … */
  readonly values?: Readonly<Record<string, string>>;
  readonly authnStatement?: string;
  /** The last word on the XML before it is signed. */
  readonly beforeSigning?: (xml: string) => string;
}

export interface SamlIdp {
  readonly origin: string;
  readonly entityId: string;
  /** PEM of the CA of its TLS certificate. */
  readonly ca: string;
  /** PEM; what its metadata names. */
  readonly signer: Certified;
  metadata(): Promise<string>;
  behave(manners: SamlManners): void;
  /** Walks from `url` through the login page like a browser; gives where the answer goes and its fields. */
  logIn(url: string, username: string): Promise<{ action: string; fields: Record<string, string> }>;
  get(url: string): Promise<{ status: number; body: string }>;
  /** NameIDs of the logout requests that it took. */
  readonly loggedOut: readonly string[];
  close(): Promise<void>;
}

/** samlify as an identity provider with a login page, over HTTPS on loopback. */
export async function startSamlIdp(options: SamlIdpOptions): Promise<SamlIdp> {
  const ca = await makeTestCa('SAML CA');
  const tls = await ca.certify();
  const signer = await ca.certify({ commonName: 'signer' });
  const origin = `https://127.0.0.1:${String(await freePort())}`;
  const entityId = `${origin}/metadata`;
  let manners: SamlManners = {};
  const loggedOut: string[] = [];

  const idp = () =>
    IdentityProvider({
      entityID: entityId,
      privateKey: (manners.signer ?? signer).key,
      signingCert: (manners.signer ?? signer).cert,
      nameIDFormat: [persistent],
      requestSignatureAlgorithm: manners.signatureAlgorithm ?? Constants.algorithms.signature.RSA_SHA256,
      singleSignOnService: [{ Binding: binding('Redirect'), Location: `${origin}/sso` }],
      singleLogoutService: [{ Binding: binding('Redirect'), Location: `${origin}/slo` }],
      wantLogoutRequestSigned: false,
    });
  const service = () =>
    ServiceProvider({
      metadata: withSignedAssertions(options.service, manners.sign !== 'response'),
      wantMessageSigned: (manners.sign ?? 'both') !== 'assertion',
    });

  async function answer(query: Record<string, string>, username: string): Promise<string> {
    const person = options.people[username];
    if (person === undefined) throw new Error(`nobody is called ${username}`);
    const asked = await idp().parseLoginRequest(service(), 'redirect', { query });
    const made = await idp().createLoginResponse(service(), { ...asked }, 'post', {}, (template: string) => ({
      id: '',
      context: fill(template, person, String(asked.extract.request?.id)),
    }));
    const { context, entityEndpoint } = made as { context: string; entityEndpoint: string };
    return form(entityEndpoint, { SAMLResponse: context, RelayState: query.RelayState ?? '' });
  }

  function fill(template: string, person: SamlPerson, inResponseTo: string): string {
    const at = new Date();
    const soon = new Date(at.getTime() + 300_000).toISOString();
    const callback = service().entityMeta.getAssertionConsumerService('post') as string;
    const values = {
      ID: newId(),
      AssertionID: newId(),
      Destination: callback,
      Audience: service().entityMeta.getEntityID(),
      SubjectRecipient: callback,
      Issuer: entityId,
      IssueInstant: at.toISOString(),
      StatusCode: Constants.StatusCode.Success,
      ConditionsNotBefore: at.toISOString(),
      ConditionsNotOnOrAfter: soon,
      SubjectConfirmationDataNotOnOrAfter: soon,
      NameIDFormat: persistent,
      NameID: person.nameId,
      InResponseTo: inResponseTo,
      ...manners.values,
    };
    const statement = manners.authnStatement ?? authnStatement(values.IssueInstant);
    const whole = template
      .replace('{AuthnStatement}', () => statement)
      .replace('{AttributeStatement}', () => attributeStatement(person.attributes));
    return (manners.beforeSigning ?? ((xml) => xml))(SamlLib.replaceTagsByValue(whole, values));
  }

  const server = createServer(tls, (incoming, outgoing) => {
    void respond(incoming).then(
      (body) => outgoing.end(body),
      (error: unknown) => outgoing.writeHead(400).end(String(error)),
    );
  });

  async function respond(incoming: IncomingMessage): Promise<string> {
    const url = new URL(incoming.url ?? '/', origin);
    const query = Object.fromEntries(url.searchParams);
    if (url.pathname === '/metadata') return idp().getMetadata();
    if (url.pathname === '/sso') return form(`${origin}/login`, { ...query, username: '' });
    if (url.pathname === '/login') {
      const posted = Object.fromEntries(new URLSearchParams(await bodyOf(incoming)));
      return await answer(posted, posted.username ?? '');
    }
    if (url.pathname !== '/slo') throw new Error(`there is no ${url.pathname}`);
    const asked = await idp().parseLogoutRequest(service(), 'redirect', { query });
    loggedOut.push(String(asked.extract.nameID));
    return 'logged out';
  }

  await new Promise<void>((resolve) => server.listen(Number(new URL(origin).port), '127.0.0.1', resolve));
  const fetchText = (url: string, body?: string) => exchange(url, ca.pem, body);
  return {
    origin,
    entityId,
    ca: ca.pem,
    signer,
    metadata: async () => (await fetchText(entityId)).body,
    behave: (next) => {
      manners = next;
    },
    async logIn(url, username) {
      const page = readForm((await fetchText(url)).body);
      const posted = new URLSearchParams({ ...page.fields, username }).toString();
      return readForm((await fetchText(page.action, posted)).body);
    },
    get: (url) => fetchText(url),
    loggedOut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

let ids = 0;
function newId(): string {
  ids += 1;
  return `_id${String(process.pid)}-${String(ids)}`;
}

function withSignedAssertions(metadata: string, wanted: boolean): string {
  return metadata.replace(/WantAssertionsSigned="\w+"/, `WantAssertionsSigned="${String(wanted)}"`);
}

function authnStatement(instant: string): string {
  const context = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';
  return `<saml:AuthnStatement AuthnInstant="${instant}"><saml:AuthnContext><saml:AuthnContextClassRef>${context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
}

function attributeStatement(attributes: SamlPerson['attributes']): string {
  const list = Object.entries(attributes).map(([name, values]) => {
    const inside = values.map((value) => `<saml:AttributeValue>${escaped(value)}</saml:AttributeValue>`).join('');
    return `<saml:Attribute Name="${escaped(name)}">${inside}</saml:Attribute>`;
  });
  return list.length === 0 ? '' : `<saml:AttributeStatement>${list.join('')}</saml:AttributeStatement>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function form(action: string, fields: Record<string, string>): string {
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${escaped(value)}">`);
  return `<!doctype html><form method="post" action="${escaped(action)}">${inputs.join('')}<button>Continue</button></form>`;
}

function readForm(page: string): { action: string; fields: Record<string, string> } {
  const plain = (text = '') => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  const action = /action="([^"]*)"/.exec(page)?.[1];
  if (action === undefined) throw new Error(`no form: ${page}`);
  const inputs = [...page.matchAll(/<input name="([^"]*)" value="([^"]*)">/g)];
  return { action: plain(action), fields: Object.fromEntries(inputs.map(([, name, value]) => [name, plain(value)])) };
}

async function bodyOf(stream: AsyncIterable<unknown>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

async function exchange(url: string, ca: string, body?: string): Promise<{ status: number; body: string }> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    request(url, { ca, method }, resolve).on('error', reject).end(body);
  });
  return { status: incoming.statusCode ?? 0, body: await bodyOf(incoming) };
}
