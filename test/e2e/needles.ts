import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One way in which a secret could stand in a file. */
export interface Needle {
  readonly secret: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** A secret as it is and as base64 (at every offset), base64url, hex, UTF-16, JSON and a part of a URL would hold it. */
export function needlesOf(secret: string, value: string | Uint8Array): readonly Needle[] {
  const bytes = Buffer.from(value as Uint8Array);
  const text = bytes.toString('utf8');
  const base64 = [0, 1, 2].map((shift) => {
    // Only the characters that depend on nothing before or after the secret.
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
    return whole.toString('base64').slice(Math.ceil((shift * 4) / 3), Math.floor((whole.length * 4) / 3));
  });
  const forms: Readonly<Record<string, string | Buffer>> = {
    plain: bytes,
    'UTF-16': Buffer.from(text, 'utf16le'),
    hex: bytes.toString('hex'),
    'upper-case hex': bytes.toString('hex').toUpperCase(),
    JSON: JSON.stringify(text).slice(1, -1),
    URL: encodeURIComponent(text),
    ...Object.fromEntries(base64.map((form, shift) => [`base64 at ${String(shift)}`, form])),
    ...Object.fromEntries(
      base64.map((form, shift) => [`base64url at ${String(shift)}`, form.replaceAll('+', '-').replaceAll('/', '_')]),
    ),
  };
  return Object.entries(forms).map(([form, needle]) => ({ secret, form, bytes: Buffer.from(needle as Buffer) }));
}

/** `where: secret (form)` for each needle that stands in the hay. */
export function findIn(where: string, hay: Uint8Array, needles: readonly Needle[]): readonly string[] {
  const bytes = Buffer.from(hay);
  const found = needles.filter((needle) => bytes.includes(needle.bytes));
  return found.map(({ secret, form }) => `${where}: ${secret} (${form})`);
}

/** The same for the name and the bytes of every file below a folder. */
export function findBelow(folder: string, needles: readonly Needle[]): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const bytes = bytesOf(join(folder, name));
    return [...findIn(name, bytes, needles), ...findIn(`the name ${name}`, Buffer.from(name), needles)];
  });
}

/** Nothing for a folder, and for a file that a running product has removed since it was listed. */
function bytesOf(path: string): Uint8Array {
  try {
    return statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
