import { localProvider } from '../../domain/authentication/events.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { userDecider } from '../../domain/user/decider.ts';
import { holderOfName } from '../admission/verify-pass.ts';
import { readState } from '../commands/run-command.ts';
import type { ProviderSummary } from '../ports/identity-providers.ts';
import type { ShownProvider } from '../ports/login-face.ts';
import type { AuthenticationTools } from './tools.ts';

const local: ShownProvider = { name: localProvider, manner: 'password' };

/** What somebody may choose among: the local users, and each enabled provider. */
export async function loginProviders({
  providers,
}: Pick<AuthenticationTools, 'providers'>): Promise<readonly ShownProvider[]> {
  return [local, ...(await providers.list()).map(shown)];
}

function shown({ name, type }: ProviderSummary): ShownProvider {
  return { name, manner: type === 'ldap' ? 'password' : 'redirect' };
}

/**
 * Where an attempt begins, and stays: no provider stands in for another one that gives no answer. Without a wish, names
 * that have a password here are local ones, all others go to the directory when there is exactly one.
 */
export async function chosenProvider(
  deps: Pick<AuthenticationTools, 'tools' | 'nameKeys' | 'providers'>,
  { userName, provider }: { readonly userName: string | null; readonly provider: string | null },
): Promise<ShownProvider> {
  const known = await loginProviders(deps);
  const chosen =
    provider === null ? await usualProvider(deps, known, userName) : known.find(({ name }) => name === provider);
  if (chosen === undefined) {
    const all = known.map(({ name }) => name).join(', ');
    throw invalid(
      'no-such-provider',
      `there is no identity provider ${visibleText(provider ?? '')}; there are: ${all}`,
    );
  }
  if (chosen.manner === 'password' && userName === null)
    throw invalid('user-needed', 'say who logs in: a user name is needed');
  if (chosen.manner === 'redirect' && userName !== null) {
    throw invalid('user-not-needed', `the identity provider ${chosen.name} says who logs in; leave out the user name`);
  }
  return chosen;
}

async function usualProvider(
  deps: Pick<AuthenticationTools, 'tools' | 'nameKeys'>,
  known: readonly ShownProvider[],
  userName: string | null,
): Promise<ShownProvider> {
  const [directory, ...more] = known.filter(({ name, manner }) => name !== localProvider && manner === 'password');
  if (directory === undefined || more.length > 0 || userName === null) return local;
  const userId = await holderOfName(deps, userName);
  if (userId === null) return directory;
  const { state } = await readState(deps.tools.log, userDecider, userId);
  const hasPassword = (state.status === 'active' || state.status === 'disabled') && state.password !== null;
  return hasPassword ? local : directory;
}

function invalid(code: string, message: string): SallyportError {
  return new SallyportError('invalid', code, message);
}
