/** How a temporary token begins (CONTRACT section 4); 8 characters of what follows are enough to tell it from a word. */
const token = /spt_[0-9A-Za-z]{8,}/g;

export function holdsToken(text: string): boolean {
  return text.search(token) >= 0;
}

/** What people put into the wrong field opens nothing there, and must not be kept either. */
export function withoutTokens(text: string): string {
  return text.replaceAll(token, 'spt_…');
}
