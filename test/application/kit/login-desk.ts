import { AttemptNotes } from '../../../src/application/authentication/attempt-notes.ts';
import { loginFace } from '../../../src/application/authentication/login-face.ts';
import type { AuthenticationTools } from '../../../src/application/authentication/tools.ts';
import { KeptGrants } from '../../../src/application/identities/kept-grants.ts';
import { beginWebauthn, checkFactor } from '../../../src/application/factors/check-factor.ts';
import { requiredChallenges } from '../../../src/application/factors/required-challenges.ts';
import type { Viewer } from '../../../src/application/ports/viewer.ts';
import type { LoginActivity } from '../../../src/application/commands/login-activity.ts';
import type { StartedAuthentication } from '../../../src/application/ports/login-face.ts';
import type {
  DirectoryProvider,
  IdentityProviders,
  ProviderSummary,
  RedirectProvider,
} from '../../../src/application/ports/identity-providers.ts';
import type {
  AuthenticationProgress,
  FactorFace,
  LoginDoor,
  LoginFace,
} from '../../../src/application/ports/login-face.ts';
import { loneBrake } from './guessing.ts';
import { factorsIn } from './factors.ts';
import { type House, openHouse } from './house.ts';
import { type MovingClock, movingClock } from './moving-clock.ts';

export const source = '192.0.2.7';
/** Of alice, who is in every house. */
export const password = 'a long enough password';

/** A house where people log in. The parts that nobody replaces are real, over no provider. */
export interface LoginDesk {
  readonly house: House;
  readonly clock: MovingClock;
  readonly deps: AuthenticationTools;
  readonly activity: LoginActivity;
  readonly face: LoginFace;
  readonly factorFace: FactorFace;
  /** Hashes that a password was checked against; null: for nothing. */
  readonly hashes: readonly (string | null)[];
  start(userName: string | null, provider?: string | null, door?: LoginDoor): Promise<StartedAuthentication>;
  answer(started: StartedAuthentication, answer: string): Promise<AuthenticationProgress>;
  login(userName: string, answer: string, provider?: string | null, door?: LoginDoor): Promise<AuthenticationProgress>;
  /** Alice, logged in with her password. */
  viewer(): Promise<Viewer>;
}

export async function openDesk(
  replaced: Partial<AuthenticationTools> = {},
  clock = movingClock(),
  given?: House,
): Promise<LoginDesk> {
  const house = given ?? (await openHouse(clock));
  const { tools, custody, views, admission } = house.node;
  const factors = factorsIn(house);
  const hashes: (string | null)[] = [];
  const deps: AuthenticationTools = {
    ...custody,
    tools,
    views,
    passwords: {
      hash: (text) => custody.passwords.hash(text),
      verify: (hash, answer) => {
        hashes.push(hash);
        return custody.passwords.verify(hash, answer);
      },
    },
    providers: providersOf({}),
    grants: new KeptGrants(custody.vault),
    factors: {
      check: (answer) => checkFactor(factors.deps, answer),
      begin: (mechanism, person) => beginWebauthn(factors.deps, mechanism, person),
    },
    requiredChallenges: (question) =>
      requiredChallenges({ tools, views, zone: 'UTC' }, { ...question, moment: 'login' }),
    freshChallenges: async () => [],
    notes: new AttemptNotes(),
    processLog: admission.processLog,
    brake: loneBrake(),
    ...replaced,
  };
  const { activity } = house.node.admission;
  const face = loginFace(deps, activity);
  const desk: LoginDesk = {
    house,
    clock,
    deps,
    activity,
    face,
    factorFace: factors.face,
    hashes,
    start: (userName, provider = null, door = 'web') =>
      face.startAuthentication({ userName, provider, door, clientId: null, source }),
    answer: ({ authenticationId, challenges }, answer) => {
      const mechanismId = challenges[0]?.mechanisms[0]?.id ?? '';
      return face.advanceAuthentication({ authenticationId, mechanismId, answer, round: null, source });
    },
    login: async (userName, answer, provider = null, door = 'web') =>
      desk.answer(await desk.start(userName, provider, door), answer),
    viewer: async () => {
      const progress = await desk.login('alice', password, 'local');
      if (progress.status !== 'success') throw new Error(progress.status);
      return house.viewer({ loginId: progress.login.loginId });
    },
  };
  return desk;
}

export interface TestProviders {
  readonly directories?: Readonly<Record<string, DirectoryProvider>>;
  readonly redirects?: Readonly<Record<string, RedirectProvider & { readonly type?: 'oidc' | 'saml' }>>;
  readonly createsUsers?: boolean;
}

/** Providers by name. What is added to the given objects later is there then. */
export function providersOf({
  directories = {},
  redirects = {},
  createsUsers = true,
}: TestProviders): IdentityProviders {
  return {
    list: async () => [
      ...Object.keys(directories).map((name): ProviderSummary => ({ name, type: 'ldap', createsUsers })),
      ...Object.keys(redirects).map((name): ProviderSummary => ({ name, type: 'oidc', createsUsers })),
    ],
    directory: async (name) => directories[name] ?? null,
    redirect: async (name) => redirects[name] ?? null,
    serviceMetadata: async () => null,
  };
}
