import {
  AndFilter,
  EqualityFilter,
  ExtensibleFilter,
  type Filter,
  FilterParser,
  NotFilter,
  OrFilter,
  PresenceFilter,
} from 'ldapts';

/** A filter with a place for one value. What is filled in is a value as it stands: it is never parsed (security rule A2). */
export interface FilterTemplate {
  fill(value: string): Filter;
  /** The same for any value: presence in the place of equality. */
  any(): Filter;
}

/** Reads an administrator's filter (RFC 4515) with `{place}` as the whole value of an equality or extensible match. */
export function compileFilter(text: string, place: 'username' | 'dn'): FilterTemplate {
  const mark = `{${place}}`;
  let parsed: Filter;
  try {
    parsed = FilterParser.parseString(text);
  } catch {
    throw new Error(`the LDAP filter ${JSON.stringify(text)} does not follow RFC 4515`);
  }
  const found = countPlaces(parsed, mark, false);
  if (found === 0 || found !== (text.match(/\{\w+\}/g) ?? []).length) {
    throw new Error(
      `the LDAP filter ${JSON.stringify(text)} needs ${mark} as a whole value, as in (uid=${mark}), and not inside (!…)`,
    );
  }
  return {
    fill: (value) => replace(parsed, mark, (attribute) => new EqualityFilter({ attribute, value }), value),
    any: () => replace(parsed, mark, (attribute) => new PresenceFilter({ attribute }), null),
  };
}

/** How many places can be filled; one under a NOT cannot, since "anybody" would turn into "nobody" there. */
function countPlaces(filter: Filter, mark: string, negated: boolean): number {
  if (filter instanceof AndFilter || filter instanceof OrFilter) {
    return filter.filters.reduce((sum, inner) => sum + countPlaces(inner, mark, negated), 0);
  }
  if (filter instanceof NotFilter) return countPlaces(filter.filter, mark, true);
  const takesOne = filter instanceof EqualityFilter || filter instanceof ExtensibleFilter;
  return takesOne && filter.value === mark && !negated ? 1 : 0;
}

function replace(filter: Filter, mark: string, made: (attribute: string) => Filter, value: string | null): Filter {
  const inner = (each: Filter): Filter => replace(each, mark, made, value);
  if (filter instanceof AndFilter) return new AndFilter({ filters: filter.filters.map(inner) });
  if (filter instanceof OrFilter) return new OrFilter({ filters: filter.filters.map(inner) });
  if (filter instanceof EqualityFilter && filter.value === mark) return made(filter.attribute);
  if (filter instanceof ExtensibleFilter && filter.value === mark) {
    const { rule, matchType, dnAttributes } = filter;
    return value === null ? made(matchType) : new ExtensibleFilter({ rule, matchType, dnAttributes, value });
  }
  return filter;
}

/** One of these values in one attribute. */
export function anyOf(filters: readonly Filter[]): Filter {
  return filters.length === 1 && filters[0] !== undefined ? filters[0] : new OrFilter({ filters: [...filters] });
}
