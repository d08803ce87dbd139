import { createContext, type ReactNode, useContext } from 'react';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../graphql/graphql.ts';
import { Failure, Loading } from '../parts/states.tsx';

const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      id
      name
      roles
      permissions
    }
  }
`);

export type Viewer = ResultOf<typeof ViewerQuery>['viewer'];

const Context = createContext<Viewer | null>(null);

/** Who is logged in, for everything inside. */
export function ViewerProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [{ data, error, fetching }, again] = useQuery({ query: ViewerQuery });
  if (data !== undefined) return <Context value={data.viewer}>{children}</Context>;
  if (fetching || error === undefined) return <Loading what="your login" />;
  return <Failure error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
}

export function useViewer(): Viewer {
  const viewer = useContext(Context);
  if (viewer === null) throw new Error('useViewer is called outside of ViewerProvider');
  return viewer;
}
