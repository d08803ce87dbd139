/**
 * What a person may choose as a password (NIST SP 800-63B, section 5.1.1.2): a length, and nothing that is guessed
 * first. No rules of composition.
 */
const shortest = 8;
const longest = 1_024;

/** Of the most used ones those that are long enough to be chosen, in lower case. */
const guessedFirst = new Set(
  `password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword pa$$word pa$$w0rd passwort
  passwort1 motdepasse contraseña qwertyui qwertyuiop qwerty123 qwerty1234 qwertz123 qwertzui qwertzuiop azertyuiop
  1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc q1w2e3r4 zaq12wsx asdfghjk asdfghjkl asdf1234 zxcvbnm1 abcd1234 abc12345
  abc123456 a1b2c3d4 iloveyou iloveyou1 sunshine princess football baseball basketball superman batman123 starwars
  trustno1 whatever welcome1 welcome123 letmein1 letmein123 changeme changeme1 changeme123 changeit default1 admin123
  admin1234 administrator root1234 rootroot adminadmin testtest test1234 guest123 secret123 master123 monkey123
  dragon123 shadow123 michael1 jennifer computer internet samsung1 liverpool chelsea1 charlie1 summer2024 winter2024
  11223344 12341234 12344321 13131313 69696969 88888888 sallyport`.split(/\s+/),
);

/** Spellings of one word: width and letter case say nothing. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** All the same character, or each one after or before the other. */
function isRun(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return [0, 1, -1].some((step) =>
    codes.every((code, index) => index === 0 || code - (codes[index - 1] ?? 0) === step),
  );
}

/** Why `password` can't be chosen by a person whose names (login name, e-mail address) are `own`; null: it can. */
export function passwordProblem(password: string, own: readonly string[]): string | null {
  const length = Array.from(password).length;
  if (length < shortest) return `a password has at least ${shortest} characters`;
  if (length > longest) return `a password has at most ${longest} characters`;
  const chosen = plain(password);
  if (guessedFirst.has(chosen) || isRun(chosen)) return 'this password is among those that are guessed first';
  const names = own.flatMap((name) => [plain(name), plain(name).split('@')[0]]);
  return names.includes(chosen) ? 'a password is not the name or the address of its owner' : null;
}
