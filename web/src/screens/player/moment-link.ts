import { linkMoment } from './times.ts';

/** Puts a link to a moment of what is shown on the clipboard; says what it did. */
export async function momentLink(milliseconds: number): Promise<string> {
  const link = new URL(location.href);
  link.searchParams.set('t', linkMoment(milliseconds));
  try {
    await navigator.clipboard.writeText(link.href);
    return 'A link to this moment is on the clipboard.';
  } catch {
    return `The browser does not give the clipboard. The link is ${link.href}`;
  }
}
