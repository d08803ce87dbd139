import { SallyportError } from '../../domain/kernel/errors.ts';
import { foldText } from '../../domain/kernel/fold-text.ts';

const longestSearch = 200;
const mostWords = 10;

export const searchForm =
  'Words that must all be in it, in any case: in its name, labels, host, login name or address.';

/** The words of a search as views look for them; none: everything. Error: kind `invalid`. */
export function searchWords(search: string | null | undefined): readonly string[] {
  const text = search ?? '';
  const words =
    text.length > longestSearch
      ? []
      : foldText(text)
          .split(/\s+/)
          .filter((word) => word !== '');
  if (text.length <= longestSearch && words.length <= mostWords) return words;
  throw new SallyportError(
    'invalid',
    'bad-search',
    `\`search\` has at most ${longestSearch} characters and ${mostWords} words.`,
  );
}
