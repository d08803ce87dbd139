/** What was done on the page before, by the word in the address: this list and nothing else. */
const texts: Readonly<Record<string, string>> = {
  password: 'Your new password is set. Log in with it.',
  'signed-out': 'You are signed out.',
  everywhere: 'You are signed out everywhere, and your tokens and keys are revoked.',
  others: 'Every other login is signed out, and your tokens and keys are revoked.',
  closed: 'That login is signed out.',
  link: 'You can log in with that provider from now on.',
  unlinked: 'That provider opens your account no more.',
  enrolled: 'The factor is enrolled. You are asked for it at your next login.',
  removed: 'The factor is removed.',
  approved: 'Confirmed. Go back to where you started; you are logged in there.',
  denied: 'Refused. Nobody was logged in.',
};

export function doneText(word: string | null): string | null {
  return word !== null && Object.hasOwn(texts, word) ? (texts[word] ?? null) : null;
}
