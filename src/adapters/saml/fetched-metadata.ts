import { SallyportError } from '../../domain/kernel/errors.ts';
import { fetchMetadata, type MetadataPlace } from './fetch-metadata.ts';
import { type ProviderMetadata, readProviderMetadata } from './provider-metadata.ts';

/** Where the last good copy outlives the process. Errors of it are errors of whoever asks. */
export interface KeptMetadata {
  load(): Promise<string | null>;
  store(xml: string): Promise<void>;
}

const freshMilliseconds = 3_600_000;
/** After a failure, logins do not wait for the next one that soon. */
const patienceMilliseconds = 60_000;
const fetchMilliseconds = 3_000;

/**
 * Metadata by address: asked for once an hour, when somebody begins to log in. When it cannot be had, or is none, the
 * last good copy stays in use: a provider's web page that is down keeps nobody out, and one that is broken lets nobody
 * else in.
 */
export class FetchedMetadata {
  readonly #place: MetadataPlace;
  readonly #kept: KeptMetadata;
  readonly #onProblem: (error: unknown) => void;
  #known: string | null = null;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #underWay: Promise<string> | null = null;

  constructor(place: MetadataPlace, kept: KeptMetadata, onProblem: (error: unknown) => void) {
    this.#place = place;
    this.#kept = kept;
    this.#onProblem = onProblem;
  }

  /** For a login that begins. Errors: SallyportError when there is none and never was. */
  async current(): Promise<string> {
    const known = await this.#copy();
    const now = performance.now();
    if (known !== null && now - this.#fetchedAt < freshMilliseconds) return known;
    if (known !== null && now - this.#failedAt < patienceMilliseconds) return known;
    try {
      this.#underWay ??= this.#fetch().finally(() => {
        this.#underWay = null;
      });
      return await this.#underWay;
    } catch (error) {
      this.#failedAt = performance.now();
      this.#onProblem(error);
      if (known === null) throw error;
      return known;
    }
  }

  /** For the answer to what was begun: nothing is asked when there is a copy. */
  async standing(): Promise<string> {
    return (await this.#copy()) ?? (await this.current());
  }

  async #copy(): Promise<string | null> {
    this.#known ??= await this.#kept.load();
    return this.#known;
  }

  async #fetch(): Promise<string> {
    const xml = await fetchMetadata(this.#place, AbortSignal.timeout(fetchMilliseconds));
    const { entityId } = checked(xml);
    // Its subjects are its own: another entity may call somebody else the same (security rule A6).
    if (this.#known !== null && checked(this.#known).entityId !== entityId) throw anotherEntity();
    if (xml !== this.#known) await this.#kept.store(xml);
    this.#known = xml;
    this.#fetchedAt = performance.now();
    return xml;
  }
}

function anotherEntity(): SallyportError {
  const message = 'the metadata is of another entity than before: an administrator makes a new provider for it';
  return new SallyportError('unavailable', 'saml-metadata-entity', message);
}

function checked(xml: string): ProviderMetadata {
  try {
    return readProviderMetadata(xml);
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    throw new SallyportError('unavailable', error.code, error.message, { cause: error });
  }
}
