import { visibleText } from '../domain/kernel/visible-text.ts';
import { parse } from './api.ts';
import { Refused } from './errors.ts';
import { exchange } from './http.ts';
import type { Installation } from './installation.ts';
import type { KeptLogin } from './logins.ts';
import { ask } from './prompt.ts';

interface Mechanism {
  readonly id: string;
  readonly name: string;
}
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

/** Answers for `authenticate`: `SALLYPORT_PASSWORD` (also when empty) for the password; the rest is asked. */
export function answers(environment: Readonly<Record<string, string | undefined>>) {
  const fixed = environment.SALLYPORT_PASSWORD;
  return (mechanism: string): Promise<string> => {
    if (mechanism !== 'UP') return ask(`${visibleText(mechanism)}: `, true);
    return fixed === undefined ? ask('Password: ', true) : Promise.resolve(fixed);
  };
}

/** Logs in: answers each challenge with what `answer` gives for the mechanism's name (`UP`: the password). */
export async function authenticate(
  installation: Installation,
  user: string,
  answer: (mechanism: string) => Promise<string>,
): Promise<KeptLogin> {
  const started = (await post(installation, '/auth/start', { user, clientId: null, door: 'cli' })) as {
    readonly authenticationId: string;
    readonly challenges: readonly Challenge[];
  };
  let challenges = started.challenges;
  for (;;) {
    const mechanism = challenges[0]?.mechanisms[0];
    if (mechanism === undefined) throw new Refused('the server asks for nothing and gives nothing; try again');
    const progress = (await post(installation, '/auth/advance', {
      authenticationId: started.authenticationId,
      mechanismId: mechanism.id,
      answer: await answer(mechanism.name),
      door: 'cli',
    })) as Progress;
    if (progress.status === 'success')
      return { bearer: progress.bearer, user: progress.user.name, expiresAt: progress.expiresAt };
    challenges = progress.challenges;
  }
}

async function post(installation: Installation, path: string, body: unknown): Promise<unknown> {
  const answer = await exchange(installation, { method: 'POST', path, body });
  if (answer.status === 401) {
    const errors = errorsIn(answer.text);
    throw new Refused(errors[0]?.message ?? 'the login failed; check user name and password');
  }
  return parse(answer);
}

/** None when the answer is not one of ours. */
function errorsIn(text: string): readonly { readonly message: string }[] {
  try {
    return (JSON.parse(text) as { errors?: readonly { message: string }[] }).errors ?? [];
  } catch {
    return [];
  }
}
