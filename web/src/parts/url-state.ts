import { useSearchParams } from 'wouter';

/**
 * One value of the address' query: every filter, tab and page stands there, so that a link leads to what was seen. The
 * empty text is the absent value. Another filter begins at the first page again, unless it `keepsPage`: it is none of the list.
 */
export function useUrlText(
  name: string,
  { keepsPage = false }: { readonly keepsPage?: boolean } = {},
): readonly [value: string, set: (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = (value: string): void => {
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        if (name !== pageName && !keepsPage) next.delete(pageName);
        return next;
      },
      // A page is a step that Back goes back; what is typed into a filter is not.
      { replace: name !== pageName, state: history.state as unknown },
    );
  };
  return [params.get(name) ?? '', set];
}

const pageName = 'after';

/** The cursor that the shown page comes after; empty: the first page. */
export function useUrlPage(): readonly [after: string, set: (after: string) => void] {
  return useUrlText(pageName);
}

/** Marks the steps by which something was opened over a screen: closing it takes exactly that step back. */
interface OverlayState {
  readonly overlay?: string;
}

/** Something that stands over the screen, such as a drawer: opening it is a step that Back takes back; the page under it stays. */
export function useUrlOverlay(
  name: string,
): readonly [value: string, open: (value: string) => void, close: () => void] {
  const [params, setParams] = useSearchParams();
  const open = (value: string): void => {
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        next.set(name, value);
        return next;
      },
      { state: { overlay: name } satisfies OverlayState },
    );
  };
  const close = (): void => {
    if ((history.state as OverlayState | null)?.overlay === name) {
      history.back();
      return;
    }
    // It was opened by a link: there is no step to take back.
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete(name);
        return next;
      },
      { replace: true },
    );
  };
  return [params.get(name) ?? '', open, close];
}
