export type Shortcut = 'copy' | 'paste' | 'find' | 'leave';

const keys: Readonly<Record<string, Shortcut>> = { c: 'copy', v: 'paste', f: 'find', l: 'leave', escape: 'leave' };

/** The few keys with Ctrl+Shift that are the page's; every other one goes to the target. */
export function shortcutOf({ ctrlKey, shiftKey, altKey, metaKey, key }: KeyboardEvent): Shortcut | null {
  if (!ctrlKey || !shiftKey || altKey || metaKey) return null;
  return keys[key.toLowerCase()] ?? null;
}
