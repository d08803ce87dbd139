import { grantsInUse, type GrantTools } from '../identities/grants-in-use.ts';
import { grantRound, type SyncRound, syncRound, type SyncRoundTools } from '../identities/sync-round.ts';
import type { IdentityProviders } from '../ports/identity-providers.ts';
import type { ProcessLog } from '../ports/system.ts';

export interface SyncIdentitiesTools extends SyncRoundTools, GrantTools {
  readonly providers: Pick<IdentityProviders, 'list' | 'directory' | 'redirect'>;
  readonly processLog: ProcessLog;
  /** Notes that a directory could not be asked for several rounds, or that it answers again. */
  readonly note: (fact: { readonly type: 'stall-sync' | 'resume-sync'; readonly provider: string }) => Promise<void>;
}

/** So many rounds in a row that are not complete are an event. */
const roundsUntilStalled = 3;

/**
 * Asks every directory, and every provider of OpenID Connect that lets us, again and again how it sees the people who
 * logged in by it. None waits for another one; each of them is asked one question at a time.
 */
export class IdentitySync {
  readonly #deps: SyncIdentitiesTools;
  readonly #everyMilliseconds: number;
  readonly #stop = new AbortController();
  readonly #failed = new Map<string, number>();
  readonly #running = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(deps: SyncIdentitiesTools, everyMilliseconds: number) {
    this.#deps = deps;
    this.#everyMilliseconds = everyMilliseconds;
  }

  /** The first round is at once: what happened while nothing ran is learned now. */
  start(): void {
    this.#timer = setInterval(() => this.#begin(), this.#everyMilliseconds).unref();
    this.#begin();
  }

  /** Resolves when no question is under way any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#round;
  }

  /** Directories that could not be asked for so many rounds that it is an event. */
  get stalled(): number {
    return [...this.#failed.values()].filter((rounds) => rounds >= roundsUntilStalled).length;
  }

  #begin(): void {
    this.#round = Promise.all([this.#round, this.run()]).then(() => undefined);
  }

  /** One round over all that are not being asked already. Never rejects. */
  async run(): Promise<void> {
    try {
      const askable = (await this.#deps.providers.list()).filter(({ type }) => type !== 'saml');
      for (const name of this.#failed.keys()) {
        if (!askable.some((provider) => provider.name === name)) this.#failed.delete(name);
      }
      await Promise.all([
        ...askable.map(({ name, type }) => this.#sync(name, type === 'ldap')),
        // Of providers that are asked no more as well.
        grantsInUse(this.#deps),
      ]);
    } catch (error) {
      this.#deps.processLog.error('the identity providers to ask could not be read', { error: String(error) });
    }
  }

  async #sync(provider: string, isDirectory: boolean): Promise<void> {
    // A round may take longer than the time between two.
    if (this.#running.has(provider)) return;
    this.#running.add(provider);
    try {
      await this.#judge(provider, await this.#ask(provider, isDirectory));
    } catch (error) {
      this.#deps.processLog.error('a sync could not be noted', { provider, error: String(error) });
    } finally {
      this.#running.delete(provider);
    }
  }

  async #ask(provider: string, isDirectory: boolean): Promise<SyncRound> {
    const { providers } = this.#deps;
    const nobody: SyncRound = { asked: 0, unanswered: 0, problem: null };
    try {
      if (isDirectory) {
        const directory = await providers.directory(provider);
        return directory === null ? nobody : await syncRound(this.#deps, provider, directory, this.#stop.signal);
      }
      const ask = (await providers.redirect(provider))?.ask;
      return ask === undefined ? nobody : await grantRound(this.#deps, provider, ask, this.#stop.signal);
    } catch (error) {
      return { asked: 0, unanswered: 1, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  async #judge(provider: string, { asked, unanswered, problem }: SyncRound): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const before = this.#failed.get(provider) ?? 0;
    if (unanswered === 0) {
      this.#failed.delete(provider);
      if (before >= roundsUntilStalled) await this.#deps.note({ type: 'resume-sync', provider });
      return;
    }
    this.#failed.set(provider, before + 1);
    this.#deps.processLog.warn('an identity provider did not say of everybody how it sees them; what is open stays', {
      provider,
      asked,
      unanswered,
      problem,
    });
    if (before + 1 >= roundsUntilStalled) await this.#deps.note({ type: 'stall-sync', provider });
  }
}
