import { readingRoutes } from '../adapters/api/reading-routes.ts';
import { apiRoutes, type DoorPorts } from '../adapters/api/routes.ts';
import { deviceRoutes } from '../adapters/auth/device-routes.ts';
import { factorRoutes } from '../adapters/auth/factor-routes.ts';
import { noticeRoutes } from '../adapters/auth/notice-routes.ts';
import { ownRoutes } from '../adapters/auth/own-routes.ts';
import { authRoutes } from '../adapters/auth/routes.ts';
import { graphqlRoutes } from '../adapters/graphql/routes.ts';
import { loginPageRoutes } from '../adapters/login-pages/routes.ts';
import type { BuiltUi } from '../adapters/web-ui/built.ts';
import { webUiRoutes } from '../adapters/web-ui/routes.ts';
import { terminalSocket } from '../adapters/terminal/socket.ts';
import type { DeviceFlow } from '../application/ports/device-grants.ts';
import type { Route, SocketRoute } from '../application/ports/http-route.ts';
import type { TerminalFace } from '../application/ports/terminal-face.ts';
import type { Installation } from './installation.ts';

export interface WebRoutesDeps {
  readonly application: Installation['application'];
  readonly terminals: TerminalFace;
  readonly sealing: Installation['custody']['sealing'];
  readonly identityProviders: Pick<Installation['identityProviders'], 'serviceMetadata'>;
  readonly flow: DeviceFlow;
  /** The address people's browsers have of the web. */
  readonly url: string;
  readonly ports: DoorPorts;
  /** Of the installation, PEM; null: another one issued the certificate of the doors. */
  readonly ca: string | null;
  /** Null: it could not be built. */
  readonly ui: BuiltUi | null;
  readonly warn: (message: string, error: unknown) => void;
}

/** Everything the web answers; test/adapters/http/route-table.test.ts has it as a table, docs/protocols/http.md in words. */
export function webRoutes(deps: WebRoutesDeps): readonly Route[] {
  const { application, terminals, sealing, identityProviders, flow, url, ports, ca, ui, warn } = deps;
  const host = new URL(url).hostname.replaceAll(/[[\]]/g, '');
  return [
    ...webUiRoutes(ui),
    ...authRoutes(application),
    ...deviceRoutes(flow, url),
    ...ownRoutes(application, url),
    ...noticeRoutes((provider, token) => application.providerNotice(provider, token)),
    ...loginPageRoutes({ face: application, sealing }, flow, identityProviders),
    ...factorRoutes(application),
    ...apiRoutes(application, ports),
    ...readingRoutes(application.player),
    ...graphqlRoutes({ ...application, ...terminals }, { host, ports, ca }, warn),
  ];
}

/** The paths at which a WebSocket may be opened. */
export function webSockets({ terminals }: Pick<WebRoutesDeps, 'terminals'>): readonly SocketRoute[] {
  return [terminalSocket(terminals)];
}
