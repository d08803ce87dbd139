import type { ProxyDoor } from '../../application/admission/door.ts';
import type { BeginBrowserLogin } from '../../application/ports/browser-login.ts';
import type { Menus } from './menu/menu-watch.ts';

/** What every connection of one proxy shares. */
export interface ClientLegOptions {
  readonly door: ProxyDoor;
  /** Null: nobody logs in in a browser. */
  readonly browserLogin: BeginBrowserLogin | null;
  /** Channels open at the same time in one connection. */
  readonly channels: number;
  /** Refused attempts to log in that end the connection. */
  readonly tries: number;
  /** How long a refused person's client may take to open the channel on which it is told, in milliseconds. */
  readonly tellMilliseconds: number;
  /** How long a person may take for a reason, when one is asked for before the login is done, in milliseconds. */
  readonly reasonMilliseconds: number;
  /** The menus of all connections. */
  readonly menus: Menus;
}
