import { Refused } from './errors.ts';
import { ask } from './prompt.ts';

export interface Mechanism {
  readonly id: string;
  /** UP, OATH, RC, WebAuthn, IDP (docs/protocols/http.md, "Login"). */
  readonly name: string;
}

export interface Answer {
  readonly mechanismId: string;
  readonly answer: string;
}

/** The environment gives a password, never a code: a script that has both of a person's factors has one. */
const atTerminal = 'no setting gives a code; run this at a terminal, or log in first with `sallyport login` there';
const inBrowser = 'log in in the browser: `sallyport login`, without --user';

/** What a person types to meet one challenge; `password` is the one given by the environment, also when it is empty. */
export async function answerChallenge(mechanisms: readonly Mechanism[], password: string | undefined): Promise<Answer> {
  const named = (name: string): Mechanism | undefined => mechanisms.find((mechanism) => mechanism.name === name);
  const first = named('UP');
  if (first !== undefined) return { mechanismId: first.id, answer: password ?? (await ask('Password: ', true)) };
  const [code, recovery] = [named('OATH'), named('RC')];
  if (code !== undefined && recovery !== undefined) {
    const answer = await ask('Code of your authenticator app, or a recovery code: ', true, atTerminal);
    return { mechanismId: (isSixDigits(answer) ? code : recovery).id, answer };
  }
  if (code !== undefined)
    return { mechanismId: code.id, answer: await ask('Code of your authenticator app: ', true, atTerminal) };
  if (recovery === undefined) throw new Refused('this login cannot be finished at the command line', [inBrowser]);
  // A passkey is of no use here: only a browser speaks to it.
  return { mechanismId: recovery.id, answer: await ask('Recovery code: ', true, atTerminal) };
}

function isSixDigits(text: string): boolean {
  return /^(?:\s*\d){6}\s*$/.test(text);
}
