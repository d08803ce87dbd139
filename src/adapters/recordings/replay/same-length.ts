/**
 * A text in small letters, of as many UTF-16 units: a place in it is a place in the text. The one letter whose small form is
 * longer, U+0130 (Unicode 16, SpecialCasing.txt), is taken as the `i` that it is written for.
 */
export function sameLength(text: string): string {
  return text.replaceAll('\u0130', 'i').toLowerCase();
}
