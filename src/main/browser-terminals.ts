import { drawSecret } from '../adapters/system/secrets.ts';
import type { TerminalFace } from '../application/ports/terminal-face.ts';
import { terminalFaceOf } from '../application/terminals/terminal-face.ts';
import { sshBrowserTerminals } from '../proxies/ssh/browser/browser-terminals.ts';
import { type Config, durationSetting } from './config.ts';
import type { Installation } from './installation.ts';

/** Terminals in the browser: tickets, and what is behind their sockets. */
export function browserTerminals(installation: Installation, config: Config, portalUrl: string): TerminalFace {
  const { application, resources, processLog } = installation;
  const door = installation.doorFor(portalUrl);
  return terminalFaceOf({
    tools: resources.tools,
    processLog,
    drawSecret,
    door,
    browser: sshBrowserTerminals(door),
    views: application.views,
    reach: (viewer) => application.reach(viewer),
    detachedMilliseconds: durationSetting(config, 'limits.terminalDetached'),
  });
}
