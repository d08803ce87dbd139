/** What somebody does who wants in at one door, honestly or not. The end of each is whether they are in as `name`. */
export interface Visit {
  /** The first challenge, of a user of this installation unless told. */
  password(text: string, provider?: string): Promise<void>;
  /** A recovery code, to the challenge that is to be met now, or to the last one that there was. */
  code(text: string): Promise<void>;
  /** Begins an attempt at `corp`; gives the address there. */
  toCorp(): Promise<string>;
  /** Begins the first mechanism of the attempt once more; null: that is refused. */
  again(): Promise<string | null>;
  /** Comes back from the provider. */
  back(url: string): Promise<void>;
  /** Somebody who is in links what they are at `corp`; gives the address there. */
  linkCorp(): Promise<string>;
  /** What is kept between two answers, to be taken out again. */
  keep(): () => void;
  /** Ends the login that there is. */
  signOut(): Promise<void>;
  /** A request with the login that there is, if there is one. */
  ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** Whether there is a login of `name` now. */
  holdsLogin(): Promise<boolean>;
  /** Whether that was enough at this door; to be asked once. */
  isIn(): Promise<boolean>;
}

export const doorNames = ['web', 'cli', 'ssh'] as const;
export type DoorName = (typeof doorNames)[number];

interface Shown {
  readonly user?: { readonly name: string };
}

/** Whose login a request carries, by the product's own words. */
export async function isLoginOf(ask: Visit['ask'], name: string): Promise<boolean> {
  return (await ask<Shown>('GET', '/auth/session')).user?.name === name;
}
