/** Somebody at a proxy who has no token, and logs in in a browser instead (RFC 8628). */
export interface BrowserLogin {
  /** Where, with the code in it. */
  readonly page: string;
  /** The secret of a token once it was confirmed; `waiting`: not yet; null: it was denied, or took too long. */
  poll(): Promise<{ readonly secret: string } | 'waiting' | null>;
  /** Nobody waits any more, or the connection is over: the code is forgotten, the token is revoked. */
  end(): Promise<void>;
}

export interface BrowserLoginWish {
  /** Who they say they are: nobody else can confirm it (security rule A6). */
  readonly userName: string;
  readonly target: string | null;
  readonly source: string;
  /** What their program calls itself. */
  readonly client: string;
}

/** Null: none can be begun now. Never rejects. */
export type BeginBrowserLogin = (wish: BrowserLoginWish) => Promise<BrowserLogin | null>;
