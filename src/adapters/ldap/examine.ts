import { type Asking, stepOf } from '../../application/asking.ts';
import { PresenceFilter, type SearchEntry, SearchRequest } from 'ldapts';
import { certificateFinding, clockFinding } from '../../application/certificate-finding.ts';
import { type Finding, ok, problem, warning } from '../../application/finding.ts';
import { lookAtCertificate } from '../../wire/look-at-certificate.ts';
import { bind } from './bind.ts';
import { dial, readyForTls, type Server, serverOf } from './dial.ts';
import { textOf, textsOf } from './entry.ts';
import { DirectoryError } from './errors.ts';
import { makePeople } from './people.ts';
import { findAll, kindOf } from './search.ts';
import type { LdapSettings } from './settings.ts';
import type { Wire } from './wire.ts';

const allowedSeconds = 60;
/** Without anybody on them, before it is given up. */
const mostEmptyPages = 5;

/** What is wrong with each server of a directory, and how to mend it. Asks as a login would, and changes nothing. */
export async function examineDirectory(settings: LdapSettings, asking: Asking): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const url of settings.urls) {
    if (asking.signal.aborted) {
      findings.push(problem(url, 'was not asked: there was no time left', 'look at the servers before it first'));
      break;
    }
    findings.push(...(await examineServer(settings, serverOf(url), url, asking)));
  }
  if (settings.groupBase === undefined) {
    findings.push(warning('groups', 'are not asked for', 'name the base of the groups in spec.groupBase'));
  }
  return findings;
}

async function examineServer(
  settings: LdapSettings,
  server: Server,
  url: string,
  { resolve, now, signal }: Asking,
): Promise<readonly Finding[]> {
  const within = (): AbortSignal => stepOf(signal);
  const findings: Finding[] = [];
  let wire: Wire | null = null;
  try {
    const socket = await readyForTls(server, resolve, within());
    const seen = await lookAtCertificate(socket, server.host, settings.ca, within());
    findings.push(certificateFinding(`${url} certificate`, server.host, seen, settings.ca !== null, now()));
    if (seen.problem !== null) return findings;
    wire = await dial(server, settings.ca, resolve, within());
    findings.push(...(await examineBound(settings, wire, url, within, now)));
  } catch (error) {
    findings.push(problem(url, `cannot be asked: ${(error as Error).message}`, 'look at spec.urls, and at the server'));
  } finally {
    wire?.close();
  }
  return findings;
}

async function examineBound(
  settings: LdapSettings,
  wire: Wire,
  url: string,
  within: () => AbortSignal,
  now: () => Date,
): Promise<readonly Finding[]> {
  // Active Directory tells everybody what it is, and then why it refuses.
  const kind = await kindOf(wire, within()).catch(() => 'ldap' as const);
  const outcome = await bind(wire, settings.bindDn, settings.bindPassword, kind, within());
  if (!outcome.right || outcome.standing !== null) {
    const why = outcome.right ? `is of no use: ${String(outcome.standing)}` : `is refused (${outcome.detail})`;
    const mend = 'look at spec.bindDn, and apply spec.bindPassword with --set-secrets';
    return [problem(`${url} bind`, `the searching account ${why}`, mend)];
  }
  const root = await read(wire, '', ['namingContexts', 'currentTime'], within());
  const holds = root === null ? '' : textsOf(root, 'namingContexts').join(', ');
  const findings = [ok(`${url} bind`, 'the searching account is let in')];
  const time = root === null ? null : textOf(root, 'currentTime');
  const at = time === null ? null : timeOf(time);
  if (at !== null) findings.push(clockFinding(`${url} clock`, at, now(), allowedSeconds));
  for (const [field, base] of [
    ['userBase', settings.userBase],
    ['groupBase', settings.groupBase],
  ] as const) {
    if (base === undefined) continue;
    if ((await read(wire, base, ['objectClass'], within())) === null) {
      const mend = `write a base that this server holds${holds === '' ? '' : `: one under ${holds}`}`;
      findings.push(problem(`${url} ${field}`, 'is not there, or not to be seen by the searching account', mend));
    } else findings.push(ok(`${url} ${field}`, 'is there'));
  }
  if (findings.some(({ check, state }) => check === `${url} userBase` && state === 'problem')) return findings;
  return [...findings, await examinePeople(settings, wire, url, within)];
}

/** Whether the first people found can be told apart and named. */
async function examinePeople(
  settings: LdapSettings,
  wire: Wire,
  url: string,
  within: () => AbortSignal,
): Promise<Finding> {
  const check = `${url} people`;
  const people = makePeople(settings, await kindOf(wire, within()));
  let empty = 0;
  for await (const page of findAll(wire, people.all(), within)) {
    if (page.length === 0) {
      empty += 1;
      if (empty < mostEmptyPages) continue;
      const first = `nobody is found on the first ${String(mostEmptyPages)} pages`;
      return problem(check, first, 'look at spec.userBase and spec.userFilter, and at the server');
    }
    const unusable = page.map((entry) => problemOf(() => people.factOf(entry, []))).filter((why) => why !== null);
    if (unusable.length < page.length) {
      const some = unusable.length === 0 ? '' : `; ${unusable.length} of them cannot log in: ${unusable[0]}`;
      return ok(check, `${page.length} found on the first page${some}`);
    }
    return problem(
      check,
      `nobody found can log in: ${unusable[0]}`,
      'name an attribute that people have in spec.claims',
    );
  }
  return problem(check, 'nobody is found', 'look at spec.userBase and spec.userFilter');
}

function problemOf(make: () => unknown): string | null {
  try {
    make();
    return null;
  } catch (error) {
    if (error instanceof DirectoryError) return error.message;
    throw error;
  }
}

/** One entry by its name; null when there is none to be seen. */
async function read(
  wire: Wire,
  baseDN: string,
  attributes: readonly string[],
  signal: AbortSignal,
): Promise<SearchEntry | null> {
  const filter = new PresenceFilter({ attribute: 'objectClass' });
  const request = new SearchRequest({ messageId: 0, baseDN, scope: 'base', filter, attributes: [...attributes] });
  const { result, entries } = await wire.ask(request, signal);
  return result.status === 0 ? (entries[0] ?? null) : null;
}

/** `20261231235959.0Z`, of the root DSE of Active Directory. */
function timeOf(text: string): Date | null {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}
