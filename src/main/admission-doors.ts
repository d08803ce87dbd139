import { publicKeys } from '../adapters/ssh-keys/public-keys.ts';
import { admit, type AdmitTools } from '../application/admission/admit.ts';
import type { BrowserDoor, ProxyDoor } from '../application/admission/door.ts';
import { verifyLogin } from '../application/admission/login-pass.ts';
import { keepLogin } from '../application/admission/login-use.ts';
import { reachable } from '../application/admission/reachable.ts';
import { isLivePass } from '../application/admission/registered-key.ts';
import { tellSafely } from '../application/admission/tell-safely.ts';
import { isStillLive, verifyPass } from '../application/admission/verify-pass.ts';
import type { GuessBrake } from '../application/brute-force/guess-brake.ts';
import { networkRefused } from '../application/brute-force/refusals.ts';
import type { ReadModels } from '../application/ports/read-models.ts';
import type { Custody } from './custody.ts';

export interface DoorParts {
  readonly admission: AdmitTools;
  readonly views: ReadModels;
  readonly custody: Custody;
  readonly brake: GuessBrake;
}

/** What the proxies and the browser terminal have of the application. */
export type Doors = ProxyDoor & BrowserDoor;

export function doorsOf({ admission, views, custody, brake }: DoorParts, portalUrl: string): Doors {
  const { tools, zone, activity, terminations, processLog } = admission;
  const passTools = { tools, nameKeys: custody.nameKeys, publicKeys };
  return {
    portalUrl,
    turnsAway: (source) => {
      const rest = brake.refusedFor(source);
      return rest === null ? null : networkRefused(rest);
    },
    mayBePass: (key) => isLivePass({ ...passTools, views }, key).catch(() => false),
    verifyPass: (shown) => verifyPass({ ...passTools, proofs: custody.proofs, processLog, brake }, shown),
    verifyLogin: (viewer) => verifyLogin({ tools, activity, processLog }, viewer),
    keepLogin: ({ passId }) => keepLogin({ tools, activity, processLog }, passId),
    scramParameters: (userName) => custody.proofs.scramParameters(userName),
    isLive: (pass) => isStillLive({ tools, activity }, pass).catch(() => false),
    attend: (pass, end) => terminations.attend(pass, tellSafely(processLog, { end, notice: () => {} }).end),
    admit: (request, end, notice) => admit(admission, request, end, notice),
    reachable: (wish) => reachable({ tools, views, zone, processLog }, wish),
  };
}
