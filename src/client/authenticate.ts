import { parse } from './api.ts';
import { answerChallenge, type Mechanism } from './challenge-prompts.ts';
import { Refused } from './errors.ts';
import { exchange, type HttpAnswer } from './http.ts';
import type { Installation } from './installation.ts';
import type { KeptLogin } from './logins.ts';
import { shellWord } from '../wire/connect-lines/shell-word.ts';
import { visibleText } from '../domain/kernel/visible-text.ts';
import { ask } from './prompt.ts';

interface Challenge {
  readonly mechanisms: readonly Mechanism[];
}
type Progress =
  | { readonly status: 'next'; readonly challenges: readonly Challenge[] }
  | {
      readonly status: 'success';
      readonly user: { readonly name: string };
      readonly expiresAt: string;
      readonly bearer: string;
    };

export interface LoginWish {
  readonly user: string;
  /** Null: what the server takes for this name. */
  readonly provider: string | null;
  /** `SALLYPORT_PASSWORD`, also when it is empty; undefined: it is asked. */
  readonly password: string | undefined;
}

/** The password was right and has to be changed first; the attempt proves that for a few minutes. */
class MustChange extends Refused {
  readonly authenticationId: string;

  constructor(message: string, authenticationId: string) {
    super(message, ['run `sallyport login --user NAME` at a terminal, which asks for a new one']);
    this.authenticationId = authenticationId;
  }
}

const mostTries = 3;

/** Logs in with what is typed at the terminal. A password that must be changed is changed there, and the login begins anew. */
export async function authenticate(installation: Installation, wish: LoginWish): Promise<KeptLogin> {
  try {
    return await attempt(installation, wish);
  } catch (error) {
    if (!(error instanceof MustChange) || wish.password !== undefined || !process.stdin.isTTY) throw error;
    process.stderr.write('This password must be changed.\n');
    const password = await changePassword(installation, error.authenticationId);
    process.stderr.write('The password was changed.\n');
    return attempt(installation, { ...wish, password });
  }
}

async function attempt(installation: Installation, { user, provider, password }: LoginWish): Promise<KeptLogin> {
  const named = provider === null ? {} : { provider };
  const start = await post(installation, '/auth/start', { user, clientId: null, door: 'cli', ...named });
  const { authenticationId, challenges: first } = parse(start) as {
    readonly authenticationId: string;
    readonly challenges: readonly Challenge[];
  };
  for (let challenges = first; ; ) {
    const [challenge] = challenges;
    if (challenge === undefined) throw new Refused('the server asks for nothing and gives nothing; try again');
    const answer = await answerChallenge(challenge.mechanisms, password);
    const advanced = await post(installation, '/auth/advance', { authenticationId, ...answer, door: 'cli' });
    if (advanced.status === 401) throw await failure(installation, advanced, authenticationId, provider);
    const progress = parse(advanced) as Progress;
    if (progress.status === 'success') {
      return { bearer: progress.bearer, user: progress.user.name, expiresAt: progress.expiresAt };
    }
    challenges = progress.challenges;
  }
}

/** Asks for a new password, twice, until the server takes it; gives it. */
async function changePassword(installation: Installation, authenticationId: string): Promise<string> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    let problem = 'the two were not the same';
    const password = await ask('New password: ', true);
    if (password === (await ask('New password again: ', true))) {
      const answer = await post(installation, '/auth/change-password', { authenticationId, password });
      if (answer.status === 204 || answer.status === 200) return password;
      problem = failureOf(answer).errors?.[0]?.message ?? `the server answered ${String(answer.status)}`;
    }
    process.stderr.write(`That was not taken: ${visibleText(problem)}.\n`);
  }
  throw new Refused('the password was not changed', ['begin anew: `sallyport login --user NAME`']);
}

async function post(installation: Installation, path: string, body: unknown): Promise<HttpAnswer> {
  return exchange(installation, { method: 'POST', path, body });
}

interface Failure {
  readonly errors?: readonly { readonly message: string }[];
  readonly mustChange?: boolean;
}

/** Of several directories none is asked unless it is named: the login was one by a password here. */
async function otherDirectories(installation: Installation): Promise<readonly string[]> {
  const answer = await exchange(installation, { method: 'GET', path: '/auth/providers' });
  const { providers } = parse(answer) as { readonly providers: readonly { readonly name: string; manner: string }[] };
  const names = providers
    .filter(({ name, manner }) => manner === 'password' && name !== 'local')
    .map(({ name }) => name);
  if (names.length < 2) return [];
  const options = names.map((name) => `--provider ${shellWord(visibleText(name))}`);
  return [
    `if it is the password of a directory, name that: \`sallyport login --user NAME\` with ${options.join(' or ')}`,
  ];
}

async function failure(
  installation: Installation,
  answer: HttpAnswer,
  authenticationId: string,
  provider: string | null,
): Promise<Refused> {
  const { errors, mustChange } = failureOf(answer);
  const message = errors?.[0]?.message ?? 'the login failed; check user name and password';
  if (mustChange === true) return new MustChange(message, authenticationId);
  // Why the login failed is said, whether or not the hints can be had.
  return new Refused(message, provider === null ? await otherDirectories(installation).catch(() => []) : []);
}

/** Nothing when the answer is not one of ours. */
function failureOf({ text }: HttpAnswer): Failure {
  try {
    return JSON.parse(text) as Failure;
  } catch {
    return {};
  }
}
