/**
 * Lets recorded output draw on this terminal and nothing else (security rule X1): what makes a terminal answer (reports,
 * answerback), set its title or clipboard, or take strings of commands (OSC, DCS, APC, PM, SOS) is left out. An answer
 * would be typed into the shell of whoever replays. Sequences may be cut anywhere between two calls.
 */
export function harmlessOutput(from: HarmlessState = { state: 'text', pending: '' }): Harmless {
  let { state, pending } = from;

  const begin = (character: string): string => {
    if (character === '\u001b') {
      state = 'escape';
      pending = character;
      return '';
    }
    return character === enquiry || (character >= '\u0080' && character <= '\u009f') ? '' : character;
  };

  const escape = (character: string): string => {
    if (character === '\u001b') return begin(character);
    if (character === '[') {
      state = 'sequence';
      pending += character;
      return '';
    }
    if (stringStarts.has(character)) {
      state = 'string';
      return '';
    }
    // Intermediates (character sets and the like) go on to a final character.
    if (character >= ' ' && character <= '/' && pending.length < longest) {
      pending += character;
      return '';
    }
    state = 'text';
    return pending === '\u001b' && character === identify ? '' : pending + character;
  };

  const sequence = (character: string): string => {
    if (character === '\u001b' || character === '\u0018' || character === '\u001a') {
      state = 'text';
      return begin(character);
    }
    // Control characters act in the middle of a sequence.
    if (character < ' ') return character === enquiry ? '' : character;
    pending += character;
    if (pending.length > longest) state = 'text';
    if (character < '@' || character > '~') return '';
    state = 'text';
    return pending.length > longest || answers.test(pending) || reporting.test(pending) ? '' : pending;
  };

  const string = (character: string): string => {
    if (character === '\u0007' || character === '\u0018' || character === '\u001a' || character === '\u009c') {
      state = 'text';
    } else if (character === '\u001b') state = 'string-escape';
    return '';
  };

  const step = (character: string): string => {
    switch (state) {
      case 'text':
        return begin(character);
      case 'escape':
        return escape(character);
      case 'sequence':
        return sequence(character);
      case 'string':
        return string(character);
      case 'string-escape':
        if (character === '\\') {
          state = 'text';
          return '';
        }
        state = 'escape';
        pending = '\u001b';
        return escape(character);
    }
  };

  const next = (text: string): string => {
    let out = '';
    for (let at = 0; at < text.length; ) {
      if (state === 'text') {
        special.lastIndex = at;
        const next = special.exec(text)?.index ?? text.length;
        out += text.slice(at, next);
        at = next;
        if (at === text.length) break;
      }
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      out += step(character);
      at += character.length;
    }
    return out;
  };
  return Object.assign(next, { state: (): HarmlessState => ({ state, pending }) });
}

/** Where in the middle of a sequence the output stands. */
export interface HarmlessState {
  readonly state: 'text' | 'escape' | 'sequence' | 'string' | 'string-escape';
  readonly pending: string;
}

export interface Harmless {
  (text: string): string;
  /** To go on from here later. */
  state(): HarmlessState;
}

/** What does not stand for itself in text: ENQ, ESC and the C1 controls. */
const special = /[\u0005\u001b\u0080-\u009f]/g;

/** ENQ: the terminal would send its answerback text. */
const enquiry = '\u0005';
/** DECID, the old question for the kind of terminal. */
const identify = 'Z';
/** DCS, SOS, OSC, PM and APC; and the title of screen. */
const stringStarts = new Set(['P', 'X', ']', '^', '_', 'k']);
/** Characters of one sequence; no honest one is longer. */
const longest = 256;
/**
 * Device attributes (c), status and cursor reports (n), window reports and title stack (t), terminal parameters (x),
 * mode and keyboard questions (`$p`, `>q`, `?u`), other reports (`$u`, `$w`), checksums (`*`) and the locator (`'`).
 */
const answers = /[cntx]$|\$[pqwuy]$|>[0-9;]*q$|\?[0-9;]*u$|[*']/;
/** Modes in which a terminal reports by itself: mouse, focus, colours, size. */
const reporting = /\?(?:[0-9]*;)*(?:9|100[0-6]|101[56]|2031|2048)(?:;[0-9]*)*h$/;
