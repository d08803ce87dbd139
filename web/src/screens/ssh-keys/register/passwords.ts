const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** 64 characters are 6 bits each: 24 of them are 144 bits. */
const length = 24;

/** A new password, drawn by the browser's generator for cryptography. */
export function newPassword(): string {
  const drawn = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(drawn, (byte) => alphabet[byte & 63]).join('');
}
