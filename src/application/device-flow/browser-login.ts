import type { NodeId, PassId } from '../../domain/kernel/ids.ts';
import { runOnPass } from '../commands/pass-streams.ts';
import type { CommandTools } from '../commands/run-command.ts';
import type { BeginBrowserLogin, BrowserLogin } from '../ports/browser-login.ts';
import type { DeviceFlow } from '../ports/device-grants.ts';
import type { ProcessLog } from '../ports/system.ts';

export interface BrowserLoginTools {
  readonly tools: CommandTools;
  readonly flow: Pick<DeviceFlow, 'begin' | 'redeem' | 'withdraw'>;
  readonly nodeId: NodeId;
  readonly processLog: ProcessLog;
}

/**
 * Logs people in at the SSH proxy who have no token: the code is for the name they gave alone, and what is opened is a token
 * of their connection, which ends with it. `url` is the address people's browsers have of the web.
 */
export function browserLogins(deps: BrowserLoginTools, url: string): BeginBrowserLogin {
  return async ({ userName, target, source, client }) => {
    try {
      const begun = await deps.flow.begin({ door: 'ssh', client, source, userName, target });
      return browserLogin(deps, begun.deviceCode, `${url}/auth/device?user_code=${begun.userCode}`);
    } catch (error) {
      deps.processLog.warn('a login in a browser could not be begun', { source, error: String(error) });
      return null;
    }
  };
}

function browserLogin(deps: BrowserLoginTools, deviceCode: string, page: string): BrowserLogin {
  let passId: PassId | null = null;
  let ended = false;
  return {
    page,
    poll: async () => {
      const outcome = await deps.flow.redeem(deviceCode);
      if (outcome.ok) {
        passId = outcome.passId;
        // Whoever waited went away while it was opened.
        if (ended) await revoke(deps, passId);
        return ended ? null : { secret: outcome.secret };
      }
      return outcome.error === 'authorization_pending' || outcome.error === 'slow_down' ? 'waiting' : null;
    },
    end: async () => {
      if (ended) return;
      ended = true;
      deps.flow.withdraw(deviceCode);
      if (passId !== null) await revoke(deps, passId);
    },
  };
}

/** Until it is revoked nobody else can use it either: its secret was never given away. */
async function revoke({ tools, nodeId, processLog }: BrowserLoginTools, passId: PassId): Promise<void> {
  const context = { actor: { kind: 'system' as const, nodeId }, correlationId: tools.ids.uuid(), causationId: null };
  await runOnPass(tools, passId, context, (at) => ({ type: 'revoke', reason: 'owner', at })).catch((error: unknown) =>
    processLog.warn('the token of a connection could not be revoked', { passId, error: String(error) }),
  );
}
