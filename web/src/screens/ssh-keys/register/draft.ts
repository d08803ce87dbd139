/** What is filled in while an SSH key is registered. It lives in the page alone, since it holds the private key. */
export interface KeyDraft {
  readonly name: string;
  readonly status: 'active' | 'inactive';
  /** `name=value`, or a word. */
  readonly tags: readonly string[];
  readonly owner: string;
  /** Whether a private key is given, or a pair is made in custody. */
  readonly source: 'given' | 'made';
  readonly algorithm: 'ed25519' | 'rsa' | 'ecdsa';
  /** Null: as the owner is called. */
  readonly username: string | null;
  readonly privateKey: string;
  readonly publicKey: string;
  /** Null: the private key has none. */
  readonly password: string | null;
  readonly mainDevice: string;
  readonly moreDevices: readonly string[];
}

export const emptyDraft: KeyDraft = {
  name: '',
  status: 'active',
  tags: [],
  owner: '',
  source: 'given',
  algorithm: 'ed25519',
  username: null,
  privateKey: '',
  publicKey: '',
  password: null,
  mainDevice: '',
  moreDevices: [],
};

export function usernameOf({ username, owner }: Pick<KeyDraft, 'username' | 'owner'>): string {
  return username ?? owner;
}

/** The main device first, each once. */
export function devicesOf({ mainDevice, moreDevices }: KeyDraft): readonly string[] {
  return [...new Set([...(mainDevice === '' ? [] : [mainDevice]), ...moreDevices])];
}

/** A word alone is kept as a label with the value `true`. */
export function labelsOf(tags: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tags.map((tag) => {
      const end = tag.indexOf('=');
      return end < 0 ? [tag.trim(), 'true'] : [tag.slice(0, end).trim(), tag.slice(end + 1).trim()];
    }),
  );
}
