import { utf8 } from './utf8.ts';

/** What output does to a line of the screen, as far as echo is made of it. */
export interface ScreenEvents {
  char(code: number): void;
  /** The cursor went so many columns to the right, or to the left when below 0. */
  moved(columns: number): void;
  /** Carriage return. */
  home(): void;
  newline(): void;
  /** Everything from the cursor to the end of the row is gone. */
  erased(): void;
  up(): void;
  /** Anything else that changes the screen. */
  other(): void;
  /** A program took, or gave back, the whole (alternate) screen. */
  fullScreen(taken: boolean): void;
}

const longestSequence = 256;
/** Modes that change nothing on the screen: cursor keys, blinking, cursor shown, bracketed paste. */
const quietModes = /^\?(?:1|12|25|2004)$/;
const alternateScreen = /^\?(?:47|1047|1049)$/;

/** Reads output byte by byte; colours, titles, bells and modes tell nothing and are passed over. */
export function screenReader(events: ScreenEvents): (byte: number) => void {
  let state: 'plain' | 'escape' | 'sequence' | 'charset' | 'string' | 'string-escape' = 'plain';
  let sequence = '';
  const decode = utf8();

  const plain = (byte: number): void => {
    if (byte >= 0x20 && byte !== 0x7f) {
      const code = decode(byte);
      if (code === 'bad') events.other();
      else if (code !== 'more') events.char(code);
      return;
    }
    if (byte === 0x1b) state = 'escape';
    else if (byte === 0x08) events.moved(-1);
    else if (byte === 0x0d) events.home();
    else if (byte === 0x0a) events.newline();
    else if (byte !== 0x07 && byte !== 0 && byte !== 0x0e && byte !== 0x0f) events.other();
  };
  const escape = (byte: number): void => {
    state = 'plain';
    sequence = '';
    if (byte === 0x5b) state = 'sequence';
    else if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) state = 'string';
    else if (byte >= 0x20 && byte <= 0x2f) state = 'charset';
    else if (byte !== 0x3d && byte !== 0x3e) events.other();
  };
  const control = (byte: number): void => {
    if (byte < 0x40 || byte > 0x7e) {
      sequence += String.fromCharCode(byte);
      if (sequence.length <= longestSequence) return;
    }
    state = 'plain';
    act(String.fromCharCode(byte), sequence, events);
  };

  return (byte) => {
    switch (state) {
      case 'plain':
        plain(byte);
        return;
      case 'escape':
        escape(byte);
        return;
      case 'sequence':
        control(byte);
        return;
      case 'charset':
        state = 'plain';
        return;
      case 'string':
      case 'string-escape':
        if (byte === 0x07 || (state === 'string-escape' && byte === 0x5c)) state = 'plain';
        else state = byte === 0x1b ? 'string-escape' : 'string';
    }
  };
}

function act(final: string, parameters: string, events: ScreenEvents): void {
  const times = parameters === '' ? 1 : Number(parameters);
  if (final === 'm') return;
  if ((final === 'C' || final === 'D') && times > 0) events.moved(final === 'C' ? times : -times);
  else if (final === 'K' && (parameters === '' || parameters === '0')) events.erased();
  else if (final === 'A') events.up();
  else if ((final === 'h' || final === 'l') && alternateScreen.test(parameters)) events.fullScreen(final === 'h');
  else if ((final !== 'h' && final !== 'l') || !quietModes.test(parameters)) events.other();
}
