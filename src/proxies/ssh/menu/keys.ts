/** What a person pressed. Keys that mean nothing here are not in it. */
export type Key =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type:
        | 'up'
        | 'down'
        | 'left'
        | 'right'
        | 'page-up'
        | 'page-down'
        | 'home'
        | 'end'
        | 'enter'
        | 'backspace'
        | 'clear'
        | 'interrupt'
        | 'end-of-input'
        | 'escape';
    };

type Name = Exclude<Key['type'], 'text'>;

/** What has come of a key so far. `after-return`: a line feed that follows belongs to the same key. */
export type Keyboard =
  | { readonly at: 'ground' | 'after-return' | 'escape' | 'single-shift' | 'swallow-one' }
  | { readonly at: 'sequence'; readonly parameters: string }
  | { readonly at: 'character'; readonly bytes: readonly number[]; readonly length: number };

export const restingKeyboard: Keyboard = { at: 'ground' };

/** Longer sequences are of no keyboard: they are swallowed to their end. */
const longestParameters = 16;

const finals: Readonly<Record<string, Name>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  M: 'enter',
};

/** VT220 and rxvt editing keys: `CSI number ~`. */
const numbered: Readonly<Record<string, Name>> = {
  1: 'home',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
};

const controls: Readonly<Record<number, Name>> = {
  0x03: 'interrupt',
  0x04: 'end-of-input',
  0x08: 'backspace',
  0x0e: 'down',
  0x10: 'up',
  0x15: 'clear',
  0x7f: 'backspace',
};

interface Pressed {
  readonly keyboard: Keyboard;
  readonly key: Key | null;
}

/**
 * One byte from the terminal: keys are found whatever way the stream was cut. Cursor keys are known in normal (CSI) and
 * application mode (SS3), with modifiers or without. What is no key and no UTF-8 is swallowed.
 */
export function press(keyboard: Keyboard, byte: number): Pressed {
  // Control characters act in the middle of a sequence, as a terminal's own do.
  if (byte < 0x20 || byte === 0x7f) return control(keyboard, byte);
  switch (keyboard.at) {
    case 'escape':
      if (byte === 0x5b) return waiting({ at: 'sequence', parameters: '' });
      if (byte === 0x4f) return waiting({ at: 'single-shift' });
      // Alt and a character.
      return byte < 0x80 ? waiting(restingKeyboard) : character(byte);
    case 'single-shift':
      return named(finals[String.fromCodePoint(byte)]);
    case 'swallow-one':
      return waiting(restingKeyboard);
    case 'sequence':
      return sequence(keyboard.parameters, byte);
    case 'character':
      return continued(keyboard, byte);
    default:
      return character(byte);
  }
}

/** Nothing came for a while: an escape that still waits was the Escape key, anything else that waits was no key. */
export function release(keyboard: Keyboard): Pressed {
  return keyboard.at === 'escape' ? named('escape') : waiting(restingKeyboard);
}

function control(keyboard: Keyboard, byte: number): Pressed {
  if (byte === 0x1b) return waiting({ at: 'escape' });
  if (byte === 0x0d) return { keyboard: { at: 'after-return' }, key: { type: 'enter' } };
  if (byte === 0x0a) return keyboard.at === 'after-return' ? waiting(restingKeyboard) : named('enter');
  return named(controls[byte]);
}

function sequence(parameters: string, byte: number): Pressed {
  const text = String.fromCodePoint(byte);
  // The console of Linux sends its function keys as CSI [ and one letter.
  if (text === '[' && parameters === '') return waiting({ at: 'swallow-one' });
  if (byte < 0x40) return waiting({ at: 'sequence', parameters: (parameters + text).slice(0, longestParameters) });
  if (byte > 0x7e) return character(byte);
  return named(text === '~' ? numbered[/^\d+/.exec(parameters)?.[0] ?? ''] : finals[text]);
}

/** The first byte of a character (RFC 3629 section 3). */
function character(byte: number): Pressed {
  if (byte < 0x80) return typed(String.fromCodePoint(byte));
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  if (byte < 0xc2 || byte > 0xf4) return waiting(restingKeyboard);
  return waiting({ at: 'character', bytes: [byte], length });
}

function continued({ bytes, length }: Extract<Keyboard, { readonly at: 'character' }>, byte: number): Pressed {
  if (byte < 0x80 || byte > 0xbf) return character(byte);
  const all = [...bytes, byte];
  if (all.length < length) return waiting({ at: 'character', bytes: all, length });
  const text = Buffer.from(all).toString('utf8');
  // Surrogates and overlong forms become the replacement character, once for each byte.
  return text === '\uFFFD' || /^\uFFFD./u.test(text) ? waiting(restingKeyboard) : typed(text);
}

function typed(text: string): Pressed {
  // The C1 controls, and what changes the direction of text, are no letters.
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)
    ? waiting(restingKeyboard)
    : { keyboard: restingKeyboard, key: { type: 'text', text } };
}

function named(type: Name | undefined): Pressed {
  return { keyboard: restingKeyboard, key: type === undefined ? null : { type } };
}

function waiting(keyboard: Keyboard): Pressed {
  return { keyboard, key: null };
}
