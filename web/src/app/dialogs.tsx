import { lazy, type ReactNode, Suspense } from 'react';
import { useUrlOverlay } from '../parts/url-state.ts';

const TokenDialog = lazy(() =>
  import('../screens/tokens/token-dialog.tsx').then(({ TokenDialog: component }) => ({ default: component })),
);

/** Dialogs that can be opened over every screen; the address names them. */
export function Dialogs(): ReactNode {
  const [dialog, , close] = useUrlOverlay('dialog');
  if (dialog !== 'token') return null;
  return (
    <Suspense fallback={null}>
      <TokenDialog onClose={close} />
    </Suspense>
  );
}
