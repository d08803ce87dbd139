import { visibleText } from '../../domain/kernel/visible-text.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import { holderOfName } from '../admission/verify-pass.ts';
import { refused } from '../commands/passes.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import type { FactorTools } from './factor-tools.ts';

type Owner = { readonly ok: true; readonly userId: UserId } | Refused;

/** Whose factors are meant: one's own, or by a name, which only administrators may give. Absent and not allowed are one. */
export async function factorOwner(deps: FactorTools, viewer: Viewer, userName: string | null): Promise<Owner> {
  if (userName === null) return { ok: true, userId: viewer.userId };
  const holder = await holderOfName(deps, userName);
  const may = holder === viewer.userId || viewer.permissions.includes('administer');
  if (holder !== null && may) return { ok: true, userId: holder };
  return refused('absent', `there is no user "${visibleText(userName)}" whose factors you may see or change`);
}
