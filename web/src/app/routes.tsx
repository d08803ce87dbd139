import { type ReactNode, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { ScreenHead } from '../parts/screen-head.tsx';
import { Empty, Loading, NoRight } from '../parts/states.tsx';
import { type Screen, screens } from './screens.ts';
import { Shell } from './shell.tsx';
import { useViewer } from './viewer.tsx';

const shelled = screens.filter(({ whole }) => whole === undefined);

/** The screen of the address, with the shell around it or in the whole window. */
export function Routes(): ReactNode {
  return (
    <Suspense fallback={<Loading what="the screen" />}>
      <Switch>
        {screens
          .filter(({ whole }) => whole === true)
          .map((screen) => (
            <Route key={screen.path} path={screen.path}>
              <Guarded screen={screen} />
            </Route>
          ))}
        <Route>
          <Shell>
            <ShelledRoutes />
          </Shell>
        </Route>
      </Switch>
    </Suspense>
  );
}

function ShelledRoutes(): ReactNode {
  return (
    <Suspense fallback={<Loading what="the screen" />}>
      <Switch>
        {shelled.map((screen) => (
          <Route key={screen.path} path={screen.path}>
            <Guarded screen={screen} />
          </Route>
        ))}
        <Route>
          <ScreenHead title="Not found" />
          <Empty title="There is no such screen" next="Take one from the navigation, or press Ctrl+K." />
        </Route>
      </Switch>
    </Suspense>
  );
}

function Guarded({ screen }: { readonly screen: Screen }): ReactNode {
  const { permissions } = useViewer();
  if (screen.permissions.some((permission) => permissions.includes(permission))) return <screen.component />;
  return (
    <>
      <ScreenHead title={screen.title} />
      <NoRight message={`Your roles do not permit “${screen.title}”.`} />
    </>
  );
}
