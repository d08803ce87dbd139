import type { LoginId, TokenId } from '../../domain/kernel/ids.ts';
import type { Refused, Viewer } from './application-face.ts';

/** Where somebody waits for a grant: at the command line or, without a token, at the SSH proxy. */
export type GrantDoor = 'cli' | 'ssh';

/** Who asks, as the person who is to confirm it sees it. */
export interface ShownGrant {
  /** `BCDF-GHJK`. */
  readonly userCode: string;
  readonly door: GrantDoor;
  /** What the asking program calls itself: nobody vouches for it. */
  readonly client: string;
  /** Network address that it asks from. */
  readonly source: string;
  /** The login name that it asks for; nobody else may confirm it (security rule A6). Null: whoever confirms it. */
  readonly userName: string | null;
  /** The target that it wants to reach; null: none in particular. */
  readonly target: string | null;
  readonly askedAt: string;
  readonly expiresAt: string;
}

/** The part of the device flow that is done in the browser (RFC 8628, section 3.3), by somebody logged in there. */
export interface DeviceGrants {
  /**
   * What waits under a user code, however it was typed: upper or lower case, with or without the dash. Null: nothing does.
   * Errors: kind `limit` after too many wrong codes; what can't be a code at all is not counted.
   */
  find(viewer: Viewer, userCode: string): Promise<ShownGrant | null>;
  /** Whoever asked is logged in as the viewer. Refused when it waits no more, or for somebody else. */
  approve(viewer: Viewer, userCode: string): Promise<{ readonly ok: true } | Refused>;
  deny(viewer: Viewer, userCode: string): Promise<{ readonly ok: true } | Refused>;
}

export interface GrantAsked {
  readonly door: GrantDoor;
  readonly client: string;
  readonly source: string;
  readonly userName: string | null;
  /** The target that it is for; null: none in particular. */
  readonly target: string | null;
}

export interface BegunGrant {
  /** What the asking program polls with; a secret. */
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresInSeconds: number;
  /** Seconds between two polls, at the least. */
  readonly intervalSeconds: number;
}

/** The words of RFC 8628, section 3.5, and `invalid_grant` of RFC 6749, section 5.2. */
export type GrantPending = 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token' | 'invalid_grant';

export type GrantOutcome =
  | {
      readonly ok: true;
      /** The bearer of a login for the command line, a temporary token at the SSH proxy. */
      readonly secret: string;
      readonly passId: LoginId | TokenId;
      readonly expiresAt: string;
      readonly userName: string;
    }
  | { readonly ok: false; readonly error: GrantPending };

/** The whole of the device flow, with us as the authorization server (RFC 8628). */
export interface DeviceFlow extends DeviceGrants {
  /** Errors: kind `limit` when too many wait from this network. */
  begin(asked: GrantAsked): Promise<BegunGrant>;
  /** One poll. What was granted is given once. */
  redeem(deviceCode: string): Promise<GrantOutcome>;
  /** Who asked waits no more. */
  withdraw(deviceCode: string): void;
}
