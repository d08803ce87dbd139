import type { IBufferCell, Terminal } from '@xterm/headless';

/** Attributes of a cell or of the cursor, as @xterm/headless 6.0 has them inside. */
export interface Attributes {
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isUnderline(): number;
  isBlink(): number;
  isInverse(): number;
  isInvisible(): number;
  isStrikethrough(): number;
  isOverline(): number;
  isFgRGB(): boolean;
  isFgPalette(): boolean;
  getFgColor(): number;
  isBgRGB(): boolean;
  isBgPalette(): boolean;
  getBgColor(): number;
}

type Charset = Readonly<Record<string, string>> | undefined;

export interface CoreBuffer {
  readonly ybase: number;
  readonly x: number;
  readonly y: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedCurAttrData: Attributes;
  readonly tabs: Readonly<Record<number, boolean>>;
}

/** What a terminal knows beyond its cells and modes: there is no public way to it. The version is pinned, and a test looks at each of these. */
export interface Core {
  readonly buffer: CoreBuffer;
  readonly buffers: { readonly normal: CoreBuffer; readonly alt: CoreBuffer };
  readonly coreService: { readonly isCursorHidden: boolean };
  readonly _charsetService: { readonly glevel: number; readonly _charsets: readonly Charset[] };
  readonly _inputHandler: { readonly _curAttrData: Attributes };
}

export function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { readonly _core: Core })._core;
}

export function attributesOf(cell: IBufferCell): Attributes {
  // A cell is both: the public face says of the flags the same, of the rest less.
  return cell;
}
