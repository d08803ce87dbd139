import { utf8 } from './utf8.ts';

/** Why a typed line is not known from its keys. */
export type Unknown = 'history' | 'completion' | 'cursor' | 'editing' | 'not-echoed' | 'too-long' | 'full-screen';

/**
 * One key as a terminal sends it. `raw` are its bytes. `newline` is an Enter inside of a bracketed paste, `paste` one of
 * the paste's two marks, `answer` what a terminal sends by itself (reports, focus).
 */
export type Key =
  | { readonly kind: 'text'; readonly code: number; readonly raw: number[] }
  | { readonly kind: 'unknown'; readonly why: Unknown; readonly raw: number[] }
  | { readonly kind: PlainKey; readonly raw: number[] };

export type PlainKey =
  | 'erase'
  | 'erase-word'
  | 'erase-line'
  | 'enter'
  | 'newline'
  | 'interrupt'
  | 'end-of-input'
  | 'paste'
  | 'answer';

/** A longer escape sequence is none: the rest counts as keys of its own. */
const longestSequence = 256;

/** Cuts what is typed into keys, byte by byte: gives a key when one is complete. */
export function keyReader(): (byte: number) => Key | undefined {
  let state: 'plain' | 'escape' | 'sequence' | 'single-shift' | 'string' | 'string-escape' = 'plain';
  let raw: number[] = [];
  let pasting = false;
  const decode = utf8();

  const finish = (key: { readonly kind: PlainKey } | { readonly kind: 'unknown'; readonly why: Unknown }): Key => {
    state = 'plain';
    const whole = raw;
    raw = [];
    return { ...key, raw: whole };
  };
  const plain = (byte: number): Key | undefined => {
    if (byte === 0x1b) {
      state = 'escape';
      return undefined;
    }
    if (byte < 0x20 || byte === 0x7f) return finish(control(byte, pasting));
    const code = decode(byte);
    if (code === 'more') return undefined;
    if (code === 'bad') return finish({ kind: 'unknown', why: 'editing' });
    const whole = raw;
    raw = [];
    return { kind: 'text', code, raw: whole };
  };
  const escape = (byte: number): Key | undefined => {
    if (byte === 0x5b) state = 'sequence';
    else if (byte === 0x4f) state = 'single-shift';
    else if (byte === 0x5d || byte === 0x50 || byte === 0x5f) state = 'string';
    // In vi mode Enter follows Escape; what is between them is not known.
    else if (byte === 0x0d || byte === 0x0a) return finish({ kind: 'enter' });
    else return finish({ kind: 'unknown', why: 'editing' });
    return undefined;
  };
  const sequence = (byte: number): Key | undefined => {
    if (raw.length > longestSequence) return finish({ kind: 'unknown', why: 'editing' });
    if (byte < 0x40 || byte > 0x7e) return undefined;
    const text = String.fromCharCode(...raw.slice(2));
    if (text === '200~' || text === '201~') {
      pasting = text === '200~';
      return finish({ kind: 'paste' });
    }
    return finish(named(text));
  };
  const string = (byte: number): Key | undefined => {
    if (byte === 0x07 || (state === 'string-escape' && byte === 0x5c) || raw.length > longestSequence) {
      return finish({ kind: 'answer' });
    }
    state = byte === 0x1b ? 'string-escape' : 'string';
    return undefined;
  };

  return (byte) => {
    raw.push(byte);
    switch (state) {
      case 'plain':
        return plain(byte);
      case 'escape':
        return escape(byte);
      case 'sequence':
        return sequence(byte);
      case 'single-shift':
        return finish(named(String.fromCharCode(byte)));
      case 'string':
      case 'string-escape':
        return string(byte);
    }
  };
}

/** The control characters as line disciplines and readline use them without a set-up of one's own. */
function control(byte: number, pasting: boolean): { kind: PlainKey } | { kind: 'unknown'; why: Unknown } {
  switch (byte) {
    case 0x0d:
    case 0x0a:
      return { kind: pasting ? 'newline' : 'enter' };
    case 0x7f:
    case 0x08:
      return { kind: 'erase' };
    case 0x17:
      return { kind: 'erase-word' };
    case 0x15:
      return { kind: 'erase-line' };
    case 0x03:
    case 0x1a:
    case 0x1c:
      return { kind: 'interrupt' };
    case 0x04:
      return { kind: 'end-of-input' };
    case 0x09:
      return { kind: 'unknown', why: 'completion' };
    case 0x0e:
    case 0x10:
    case 0x0f:
    case 0x12:
    case 0x13:
      return { kind: 'unknown', why: 'history' };
    case 0x01:
    case 0x02:
    case 0x05:
    case 0x06:
      return { kind: 'unknown', why: 'cursor' };
    default:
      return { kind: 'unknown', why: 'editing' };
  }
}

/** Keys by the end of their sequence: `A` of `ESC [ A` and `ESC O A`. */
function named(sequence: string): { kind: PlainKey } | { kind: 'unknown'; why: Unknown } {
  if (/^[?>0-9;$]*[RcntyIu]$/.test(sequence) || sequence === 'O') return { kind: 'answer' };
  if (/[AB]$/.test(sequence)) return { kind: 'unknown', why: 'history' };
  if (/[CDHF]$|^[1478]~$/.test(sequence)) return { kind: 'unknown', why: 'cursor' };
  return { kind: 'unknown', why: 'editing' };
}
