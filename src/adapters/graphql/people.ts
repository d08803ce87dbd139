import { SallyportError } from '../../domain/kernel/errors.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import { sought } from './catalogue-lists.ts';
import type { GraphqlContext } from './context.ts';
import { findUserId, isGiven } from './lookups.ts';

/** Whom a list is about: a name or an id, and words that must all be in the name or address. */
export interface PeopleWish {
  readonly user?: string | null | undefined;
  readonly search?: string | null | undefined;
}

/** Null: anybody. Error: kind `invalid`, code `too-many-people`, when more than `most` fit. */
export function peopleOf(
  context: GraphqlContext,
  { user, search }: PeopleWish,
  most: number,
): readonly UserId[] | null {
  const { search: text } = sought(search);
  if (!isGiven(user) && text === undefined) return null;
  const named = isGiven(user) ? findUserId(context, user) : undefined;
  if (named === null) return [];
  if (text === undefined) return named === undefined ? null : [named];
  const rows = context.application.views.directory.find({
    where: { kind: 'user', search: text, ...(named === undefined ? {} : { id: named }) },
    orderBy: 'createdAt',
    limit: most + 1,
  });
  if (rows.length > most) {
    const message = `More than ${most} people fit this search; search for more of a name.`;
    throw new SallyportError('invalid', 'too-many-people', message);
  }
  return rows.map(({ id }) => id as UserId);
}

/** From a moment on, and before another; undefined: at any time. */
export function between({
  since,
  until,
}: {
  readonly since?: string | null | undefined;
  readonly until?: string | null | undefined;
}): { readonly above?: string; readonly below?: string } | undefined {
  if (!isGiven(since) && !isGiven(until)) return undefined;
  const above = isGiven(since) ? { above: new Date(Date.parse(since) - 1).toISOString() } : {};
  return { ...above, ...(isGiven(until) ? { below: until } : {}) };
}
