import { expect, test } from 'vitest';
import { apiRoutes } from '../../../src/adapters/api/routes.ts';
import { authRoutes } from '../../../src/adapters/auth/routes.ts';
import { graphqlRoutes } from '../../../src/adapters/graphql/routes.ts';
import { homePage } from '../../../src/adapters/http/home-page.ts';
import type { Application } from '../../../src/application/ports/application-face.ts';

/** Every route there is, with who may use it. A new one is added here on purpose. */
const table = `
GET    /                                  public
GET    /api/v1/reach                      viewer
GET    /api/v1/recordings/:sessionId      viewer
GET    /api/v1/resources/:kind            admin
DELETE /api/v1/resources/:kind/:name      admin
GET    /api/v1/resources/:kind/:name      admin
POST   /api/v1/apply                      admin  1048576
POST   /auth/advance                      public 16384
POST   /auth/logout                       viewer
GET    /auth/session                      viewer
POST   /auth/start                        public 16384
GET    /graphql                           admin
POST   /graphql                           viewer 100000
`;

test('the route table', () => {
  const application = {} as Application;
  const routes = [
    homePage('https://localhost:8443'),
    ...authRoutes(application),
    ...apiRoutes(application, { ssh: 2222, postgres: null }),
    ...graphqlRoutes(application, () => {}),
  ];
  const lines = routes.map(({ method, path, access, bodyLimit }) =>
    [method.padEnd(6), path.padEnd(34), access.padEnd(6), bodyLimit ?? ''].join(' ').trim(),
  );
  const bySortedPath = (a: string, b: string): number => (a.slice(7) + a < b.slice(7) + b ? -1 : 1);
  expect(lines.toSorted(bySortedPath)).toEqual(table.trim().split('\n').toSorted(bySortedPath));
});
