import { ProtocolError } from '../../domain/kernel/errors.ts';

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

// Char of XML 1.0 section 2.2, without the carriage return, which is gone before anything is read.
const forbidden = /[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Offset of the first character that XML forbids; -1: none. */
export function forbiddenAt(text: string): number {
  return text.search(forbidden);
}

/** Text with its references resolved: the five predefined entities and numbers. Another entity needs a DTD: refused. */
export function resolved(raw: string, offset: number): string {
  return raw.replace(/&(?:(#x[0-9A-Fa-f]{1,6}|#[0-9]{1,7}|[a-z]{2,4});)?/g, (_all, reference: string | undefined) => {
    const text = reference === undefined ? undefined : meaning(reference);
    if (text === undefined) throw new ProtocolError('xml-entity', offset, 'an entity that only a DTD could explain');
    return text;
  });
}

function meaning(reference: string): string | undefined {
  if (!reference.startsWith('#')) return named[reference];
  const code = reference.startsWith('#x') ? Number.parseInt(reference.slice(2), 16) : Number(reference.slice(1));
  if (code > 0x10ffff) return undefined;
  const text = String.fromCodePoint(code);
  return code === 13 || forbidden.test(text) ? undefined : text;
}
