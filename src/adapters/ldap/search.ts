import { type Filter, PagedResultsControl, PresenceFilter, type SearchEntry, SearchRequest } from 'ldapts';
import { DirectoryError } from './errors.ts';
import type { DirectoryKind } from './settings.ts';
import type { Answer, Wire } from './wire.ts';

const pageSize = 500;
/** Ten million entries; empty pages count as well, so that a server cannot send them for ever. */
const maxPages = 20_000;

export interface Query {
  readonly base: string;
  readonly filter: Filter;
  readonly attributes: readonly string[];
}

/**
 * The one entry that answers, or none: two are nobody (security rule A2). There is no size limit on the request, since
 * an answer cut short would prove nothing.
 */
export async function findOne(wire: Wire, query: Query, signal: AbortSignal): Promise<SearchEntry | null> {
  const answer = await wire.ask(requestOf(query, 'sub'), signal);
  if (answer.result.status === 4) throw ambiguous();
  const [entry, second] = checked(answer);
  if (second !== undefined) throw ambiguous();
  return entry ?? null;
}

const ambiguous = (): DirectoryError => new DirectoryError('ambiguous', 'more than one entry answers to this name');

/** Every entry, in pages (RFC 2696). Rejects when the server does not come to its end. `signalFor` is called for each page. */
export async function* findAll(
  wire: Wire,
  query: Query,
  signalFor: () => AbortSignal,
): AsyncGenerator<readonly SearchEntry[]> {
  let cookie = Buffer.alloc(0);
  for (let page = 0; page < maxPages; page += 1) {
    const request = requestOf(query, 'sub');
    request.controls = [new PagedResultsControl({ critical: true, value: { size: pageSize, cookie } })];
    const answer = await wire.ask(request, signalFor());
    yield checked(answer);
    const paged = answer.result.controls?.find((control) => control instanceof PagedResultsControl);
    if (paged?.value === undefined)
      throw new DirectoryError('untrusted', 'the server does not say whether there are more entries');
    cookie = Buffer.from(paged.value.cookie ?? []);
    if (cookie.length === 0) return;
  }
  throw new DirectoryError('untrusted', `more than ${maxPages} pages`);
}

/** Root DSE (RFC 4512 section 5.1): LDAP_CAP_ACTIVE_DIRECTORY_OID is what a domain controller names, Samba's too. */
export async function kindOf(wire: Wire, signal: AbortSignal): Promise<DirectoryKind> {
  const attributes = ['supportedCapabilities'];
  const filter = new PresenceFilter({ attribute: 'objectClass' });
  const [entry] = checked(await wire.ask(requestOf({ base: '', filter, attributes }, 'base'), signal));
  const found = entry?.attributes.some(({ parsedBuffers }) =>
    parsedBuffers.some((value) => value.toString('latin1') === '1.2.840.113556.1.4.800'),
  );
  return found === true ? 'active-directory' : 'ldap';
}

function requestOf({ base, filter, attributes }: Query, scope: 'base' | 'sub'): SearchRequest {
  return new SearchRequest({ messageId: 0, baseDN: base, scope, filter, attributes: [...attributes], timeLimit: 5 });
}

function checked({ result, entries }: Answer): readonly SearchEntry[] {
  if (result.status === 0) return entries;
  if (result.status === 10) {
    throw new DirectoryError(
      'unavailable',
      'the server refers to another one, which is not followed: name the server that holds the base',
    );
  }
  if (result.status === 32)
    throw new DirectoryError('unavailable', 'the base of the search is not there, or not to be seen');
  throw new DirectoryError('unavailable', `search result ${result.status}`);
}
