import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { FreshFactorUse } from '../../domain/authentication/events.ts';
import { wasRecentlyShown } from '../../domain/authentication/recently-shown.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { readState } from '../commands/run-command.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import { type FactorTools, hasUsable } from './factor-tools.ts';
import { useFreshFactor } from './fresh-factor.ts';

type Tools = Pick<FactorTools, 'tools' | 'views'>;

/**
 * Why the viewer may not change factors, their own or as an administrator somebody else's; null: they may. Whoever has a
 * factor that can be used shows one of them first: with the login itself, less than 5 minutes ago, or by `freshFactor`,
 * which counts for this change from then on and for no other. So a stolen cookie alone takes nobody over for good.
 */
export async function changeRefusal(
  deps: Tools,
  viewer: Viewer,
  change: { readonly use: FreshFactorUse; readonly freshFactor: string | null },
): Promise<Refused | null> {
  if (!(await hasUsable(deps, viewer.userId)) || (await openedByFactor(deps, viewer))) return null;
  return useFreshFactor(deps, viewer, { ...change, mechanisms: ['OATH', 'WebAuthn', 'RC'] });
}

async function openedByFactor({ tools }: Tools, { userId, loginId }: Viewer): Promise<boolean> {
  const { state } = await readState(tools.log, loginDecider, loginId);
  if (state.status !== 'open') return false;
  const { authenticationId, door } = state.login;
  const { state: shown } = await readState(tools.log, authenticationDecider, authenticationId);
  return wasRecentlyShown(shown, { userId, door, at: await tools.now() });
}
