import type { KeyboardInteractiveCallback, Prompt } from 'ssh2';
import type { Prompter, TargetQuestion } from '../../application/ports/target-terminal.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';

export interface TargetAsker {
  readonly targetName: string;
  /** Null: the account logs in by key. */
  readonly password: string | null;
  readonly prompter: Prompter | null;
  /** For all that the person is asked together. */
  readonly askMilliseconds: number;
  /** True while a person is asked: the target waits then, and not we for the target. */
  readonly asking: (now: boolean) => void;
  /** Ends the login: nothing more is answered. */
  readonly giveUp: (error: SallyportError) => void;
}

const mostRounds = 8;
const mostPrompts = 8;
const longestText = 256;

/**
 * Answers keyboard-interactive (RFC 4256): the first hidden question for a password with the one in custody, once; what
 * else is asked goes to the person. A password that is asked for again is a login that failed, and no person's business.
 */
export function answerTarget(asker: TargetAsker) {
  let password = asker.password;
  let rounds = 0;
  let asked = false;
  const refused = (): null => {
    asker.giveUp(loginFailed(asker.targetName, afterRefusedLogin(asked)));
    return null;
  };

  const answersTo = async (title: string, about: string, prompts: readonly Prompt[]): Promise<string[] | null> => {
    rounds += 1;
    if (rounds > mostRounds || prompts.length > mostPrompts) return refused();
    const answers: (string | null)[] = [];
    for (const { prompt, echo } of prompts) {
      if (!asksPassword(prompt)) answers.push(null);
      else if (password === null || echo === true) return refused();
      else {
        answers.push(password);
        password = null;
      }
    }
    const open = prompts.filter((_, index) => answers[index] === null);
    if (open.length === 0) return answers.map((answer) => answer ?? '');
    if (asker.prompter === null) return refused();
    asked = true;
    const given = await ask(asker, asker.prompter, {
      name: shown(asker.targetName),
      instruction: shown(`${title} ${about}`),
      prompts: open.map(({ prompt, echo }) => ({ text: shown(prompt), echo: echo === true })),
    });
    if (given?.length !== open.length) {
      asker.giveUp(loginFailed(asker.targetName, 'it asks for more than the credential in custody, and got no answer'));
      return null;
    }
    let next = 0;
    return answers.map((answer) => answer ?? given[next++] ?? '');
  };

  return (title: string, about: string, _language: string, prompts: Prompt[], finish: KeyboardInteractiveCallback) => {
    void answersTo(title, about, prompts).then((answers) => {
      if (answers !== null) finish(answers);
    }, refused);
  };
}

async function ask(
  { askMilliseconds, asking }: TargetAsker,
  prompter: Prompter,
  question: TargetQuestion,
): Promise<readonly string[] | null> {
  asking(true);
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), askMilliseconds);
  try {
    return await Promise.race([prompter.ask(question), late.promise]);
  } finally {
    clearTimeout(timer);
    asking(false);
  }
}

/** A one-time password is none of ours; "Password:" is. */
function asksPassword(prompt: string): boolean {
  return /password/i.test(prompt) && !/one.?time|\b[ht]?otp\b|oath|token|code/i.test(prompt);
}

/** One line of visible text, of bounded length. */
function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return visibleText(line.slice(0, longestText).toWellFormed());
}

/** What to do when a target refused the login, after a person was `asked` something or not. */
export function afterRefusedLogin(asked: boolean): string {
  return asked
    ? 'if you typed a code, connect again with a new one; otherwise an administrator checks the credential'
    : 'an administrator has to check the credential in custody';
}

function loginFailed(targetName: string, why: string): SallyportError {
  return new SallyportError('denied', 'target-login-failed', `${targetName} refused the login: ${why}`);
}
