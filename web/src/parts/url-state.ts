import { useSearchParams } from 'wouter';

/**
 * One value of the address' query: every filter, tab and page stands there, so that a link leads to what was seen. The
 * empty text is the absent value. Another filter begins at the first page again.
 */
export function useUrlText(name: string): readonly [value: string, set: (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = (value: string): void => {
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        if (name !== pageName) next.delete(pageName);
        return next;
      },
      // A page is a step that Back goes back; what is typed into a filter is not.
      { replace: name !== pageName },
    );
  };
  return [params.get(name) ?? '', set];
}

const pageName = 'after';

/** The cursor that the shown page comes after; empty: the first page. */
export function useUrlPage(): readonly [after: string, set: (after: string) => void] {
  return useUrlText(pageName);
}
