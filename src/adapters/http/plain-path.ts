const longest = 4096;
const printable = /^\/[\x21\x22\x24-\x5b\x5d-\x7e]*$/;

/**
 * True for a request target that has one reading only (W3): origin-form, printable ASCII, no `\`, no empty, `.` or `..`
 * segment, and nothing percent-encoded that would be a `/`, `\`, `.`, control character or broken UTF-8.
 */
export function isPlainPath(target: string): boolean {
  if (target.length > longest || !printable.test(target)) return false;
  const path = target.split('?', 1)[0] ?? '';
  const segments = path.slice(1).split('/');
  return segments.every((segment, index) => isPlainSegment(segment, index === segments.length - 1 && index === 0));
}

function isPlainSegment(segment: string, mayBeEmpty: boolean): boolean {
  if (segment === '') return mayBeEmpty;
  if (segment === '.' || segment === '..' || /%(?:2e|2f|5c|[01][0-9a-f]|7f)/i.test(segment)) return false;
  try {
    decodeURIComponent(segment);
    return true;
  } catch {
    return false;
  }
}
