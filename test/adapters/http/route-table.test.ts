import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../../../src/application/ports/application-face.ts';
import type { DeviceFlow } from '../../../src/application/ports/device-grants.ts';
import type { IdentityProviders } from '../../../src/application/ports/identity-providers.ts';
import type { Sealing } from '../../../src/application/ports/sealing.ts';
import type { TerminalFace } from '../../../src/application/ports/terminal-face.ts';
import { webRoutes, webSockets } from '../../../src/main/web-routes.ts';

/** Every route there is, with who may use it. A new one is added here on purpose. */
const table = `
GET    /                                  public
GET    /ui                                viewer
GET    /ui/*                              viewer
GET    /ui/assets/:name                   public
POST   /api/v1/apply                      admin  1048576
GET    /api/v1/reach                      viewer
GET    /api/v1/readings/:reading          viewer
GET    /api/v1/readings/:reading/rail     viewer
GET    /api/v1/readings/:reading/records  viewer
GET    /api/v1/readings/:reading/screen   viewer
GET    /api/v1/readings/:reading/search   viewer
GET    /api/v1/readings/:reading/statements viewer
GET    /api/v1/recordings/:sessionId      viewer
POST   /api/v1/recordings/:sessionId/readings viewer
DELETE /api/v1/resources/:kind            admin
GET    /api/v1/resources/:kind            admin
GET    /auth/account                      viewer
POST   /auth/account/close-login          viewer 16384   form
GET    /auth/account/factor               viewer
POST   /auth/account/link                 viewer 16384   form
POST   /auth/account/recovery-codes       viewer 16384   form
POST   /auth/account/remove-factor        viewer 16384   form
POST   /auth/account/sign-out             viewer 16384   form
POST   /auth/account/sign-out-everywhere  viewer 16384   form
POST   /auth/account/totp                 viewer 16384   form
POST   /auth/account/totp/finish          viewer 16384   form
POST   /auth/account/unlink               viewer 16384   form
POST   /auth/account/webauthn             viewer 16384   form
POST   /auth/account/webauthn/finish      viewer 65536   form
POST   /auth/advance                      public 131072
POST   /auth/begin                        public 131072
POST   /auth/callback/:name               public 262144  form from elsewhere
GET    /auth/callback/:name               public
POST   /auth/change-password              public 131072
POST   /auth/device                       viewer 16384   form
GET    /auth/device                       viewer
POST   /auth/device_authorization         public 4096    form from programs
POST   /auth/fresh-factor                 viewer 16384
DELETE /auth/factors/:id                  viewer
GET    /auth/factors                      viewer
POST   /auth/factors/recovery-codes       viewer 32768
POST   /auth/factors/totp                 viewer 32768
POST   /auth/factors/totp/finish          viewer 32768
POST   /auth/factors/webauthn             viewer 32768
POST   /auth/factors/webauthn/finish      viewer 32768
GET    /auth/identities                   viewer
DELETE /auth/identities/:id               viewer
POST   /auth/link                         viewer 16384
POST   /auth/login                        public 16384   form
GET    /auth/login                        public
GET    /auth/logins                       viewer
DELETE /auth/logins/:id                   viewer
POST   /auth/logout                       viewer
POST   /auth/logout-everywhere            viewer 16384
POST   /auth/oidc/:provider/backchannel-logout public 16384   form from programs
POST   /auth/new-password                 public 16384   form
GET    /auth/new-password                 public
GET    /auth/provider-logout              viewer
GET    /auth/providers                    public
POST   /auth/reset                        public 16384   form
GET    /auth/reset                        public
POST   /auth/reset-link                   admin  16384
POST   /auth/reset-password               public 131072
GET    /auth/saml/:name/metadata          public
GET    /auth/session                      viewer
POST   /auth/start                        public 131072
POST   /auth/step                         public 16384   form
GET    /auth/step                         public
POST   /auth/step/begin                   public 16384   form
POST   /auth/token                        public 4096    form from programs
GET    /auth/webauthn.js                  public
GET    /graphql                           admin
POST   /graphql                           viewer 100000
`;

const routes = webRoutes({
  application: {} as Application,
  terminals: {} as TerminalFace,
  sealing: {} as Sealing,
  identityProviders: {} as IdentityProviders,
  flow: {} as DeviceFlow,
  url: 'https://localhost:8443',
  ports: { ssh: 2222, postgres: null },
  ca: null,
  ui: null,
  warn: () => {},
});

test('the route table', () => {
  const lines = routes.map((route) => {
    const { method, path, access, bodyLimit, body } = route;
    // Who may send a form without showing a page of ours.
    const senders = [
      ...('fromElsewhere' in route ? ['from elsewhere'] : []),
      ...('fromPrograms' in route ? ['from programs'] : []),
    ];
    const size = bodyLimit === undefined ? '' : String(bodyLimit).padEnd(7);
    return [method.padEnd(6), path.padEnd(34), access.padEnd(6), size, body ?? '', ...senders].join(' ').trim();
  });
  const bySortedPath = (a: string, b: string): number => (a.slice(7) + a < b.slice(7) + b ? -1 : 1);
  expect(lines.toSorted(bySortedPath)).toEqual(table.trim().split('\n').toSorted(bySortedPath));
});

test('docs/protocols/http.md has every route: those for programs with their method, those for people by their path', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/protocols/http.md'), 'utf8');
  const named = new Set([...text.matchAll(/`((?:GET |POST |DELETE )?\/[\w/:.*-]*)/g)].map(([, name = '']) => name));
  const wanted = routes.map(({ method, path, ...route }) => {
    const written = path.replaceAll(/:(name|provider)\b(?=\/|$)/g, (word) =>
      /^\/(api|ui)/.test(path) ? word : 'NAME',
    );
    return 'page' in route || path === '/' ? written : `${method} ${written}`;
  });
  expect(wanted.filter((name) => !named.has(name))).toEqual([]);
});

test('the paths of WebSockets, with who may open them', () => {
  const lines = webSockets({ terminals: {} as TerminalFace }).map(
    ({ path, access, subprotocol }) => `${path} ${access} ${subprotocol}`,
  );
  expect(lines).toEqual(['/terminal viewer sallyport.terminal.v1']);
  const text = readFileSync(join(import.meta.dirname, '../../../docs/protocols/http.md'), 'utf8');
  expect(text).toContain('`/terminal`');
});
