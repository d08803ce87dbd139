/** Shorter ones stand in every text by chance. */
const shortest = 4;

/** Whether a text holds a secret: as it is, as addresses and forms write it, or in base64, also behind something else. */
export function tells(text: string, secret: string): boolean {
  if (secret.length < shortest) return false;
  const plain = [secret, ...encoded(secret)];
  if (plain.some((form) => text.includes(form))) return true;
  const standard = text.replaceAll('-', '+').replaceAll('_', '/');
  return plain.flatMap(inBase64).some((form) => standard.includes(form));
}

/** In addresses (RFC 3986 section 2.1) and in forms, with digits in either case. */
function encoded(secret: string): readonly string[] {
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const forms = [encodeURIComponent(secret.toWellFormed()), form];
  return [...forms, ...forms.map((each) => each.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()))];
}

/** RFC 4648 section 4, as it reads behind 0, 1 or 2 octets, such as those of `Basic` (RFC 7617): what is of it alone. */
function inBase64(secret: string): readonly string[] {
  const octets = Buffer.from(secret);
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), octets]).toString('base64');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + octets.length) * 8) / 6));
  });
}
