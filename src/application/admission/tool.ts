import type { AuthorizedSession } from './authorized-session.ts';

/**
 * What the sessions of one tool have in common: pass, target, account, machine and program. pgAdmin, DBeaver and others
 * put what each of their connections is for behind a dash.
 */
export function toolOf({ passId, target, account, source }: AuthorizedSession, client: string | null): string {
  return JSON.stringify([passId, target.id, account.id, source, client?.split(' - ', 1)[0] ?? null]);
}
