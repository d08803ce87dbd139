import type { Attributes } from './xterm-core.ts';

/** The sequence that sets just these attributes (ECMA-48 section 8.3.117, with the colours of ISO 8613-6). */
export function sgr(of: Attributes): string {
  const flags = [
    of.isBold(),
    of.isDim(),
    of.isItalic(),
    of.isUnderline(),
    of.isBlink(),
    of.isInverse(),
    of.isInvisible(),
    of.isStrikethrough(),
    of.isOverline(),
  ];
  const set = flags.flatMap((flag, place) => (flag === 0 ? [] : [flagCodes[place] ?? 0]));
  const front = color(38, of.isFgRGB(), of.isFgPalette(), of.getFgColor());
  const back = color(48, of.isBgRGB(), of.isBgPalette(), of.getBgColor());
  return `\u001b[${[0, ...set, ...front, ...back].join(';')}m`;
}

/** As `sgr`, of the background alone: all that an empty cell shows. */
export function backgroundOf(of: Attributes): string {
  return `\u001b[${[0, ...color(48, of.isBgRGB(), of.isBgPalette(), of.getBgColor())].join(';')}m`;
}

const flagCodes = [1, 2, 3, 4, 5, 7, 8, 9, 53];

function color(code: number, isRgb: boolean, isPalette: boolean, value: number): readonly number[] {
  if (isRgb) return [code, 2, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
  if (!isPalette) return [];
  if (value >= 16) return [code, 5, value];
  return [value >= 8 ? code + 52 + value - 8 : code - 8 + value];
}
