import { browserLogins } from '../application/device-flow/browser-login.ts';
import { deviceFlow } from '../application/device-flow/device-flow.ts';
import { openGranted } from '../application/device-flow/open-granted.ts';
import type { BeginBrowserLogin } from '../application/ports/browser-login.ts';
import type { DeviceFlow } from '../application/ports/device-grants.ts';
import type { Installation } from './installation.ts';

/** Logins that are asked for at one place and confirmed in a browser. */
export interface DeviceLogins {
  readonly flow: DeviceFlow;
  /** At the SSH proxy; null: there is no web to confirm it at. */
  readonly ssh: BeginBrowserLogin | null;
}

/** `url`: the address people's browsers have of the web; null: the web is off. */
export function deviceLogins(
  { resources, application, nodeId, processLog }: Installation,
  url: string | null,
): DeviceLogins {
  const { tools, nameKeys } = resources;
  const flow = deviceFlow({ tools, nameKeys, open: (viewer, asked) => openGranted(application, viewer, asked) });
  return { flow, ssh: url === null ? null : browserLogins({ tools, flow, nodeId, processLog }, url) };
}
