/** The longest name, in UTF-16 units: three of them and two separators are more than a login name may have. */
export const longestName = 128;

/** Controls, invisible format characters, line and paragraph separators, halves of surrogate pairs, unassigned. */
const invisible = /[\p{C}\p{Zl}\p{Zp}]/u;
/** What login names are taken apart by (CONTRACT.md, section 4). */
const separators = /[~[\]#:]/u;

/** Why `title` can't name a thing that no login name holds (group, role, policy …); null: it can. */
export function titleProblem(title: string): string | null {
  if (title === '') return 'a name must not be empty';
  if (title.length > longestName) return `a name has at most ${longestName} characters, this one has ${title.length}`;
  if (invisible.test(title)) return 'a name holds no control or invisible characters';
  if (title.trim() !== title) return `a name neither starts nor ends with a blank: "${title}"`;
  return null;
}

/** Why `name` can't name a user, an account or a target, which stand in login names; null: it can. */
export function nameProblem(name: string): string | null {
  const problem = titleProblem(name);
  if (problem !== null) return problem;
  if (separators.test(name))
    return `a name holds none of ~ [ ] # : since login names are taken apart by them: "${name}"`;
  return null;
}
