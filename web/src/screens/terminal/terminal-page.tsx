import './terminal.css';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { useParams } from 'wouter';
import { graphql } from '../../graphql/graphql.ts';
import { problemOf, refusalText } from '../../graphql/problem.ts';
import { unattended } from '../../graphql/unattended.ts';
import { useUrlText } from '../../parts/url-state.ts';
import { type Desk, newDesk } from './desk.ts';
import type { Paste } from './paste.ts';
import { readPreferences } from './preferences.ts';
import type { Shortcut } from './shortcuts.ts';
import { TerminalDesk } from './terminal-desk.tsx';
import type { TicketAnswer } from './terminal-link.ts';

const OpenTerminal = graphql(`
  mutation OpenTerminal($input: OpenTerminalInput!) {
    openTerminal(input: $input) {
      ticket
      errors {
        code
        message
      }
    }
  }
`);

/** Coming back to a terminal is not a use of the login: the page does so whenever the network comes back. */
const byItself = { fetchOptions: { headers: { accept: 'application/json', ...unattended } } };

/** A terminal on one account of one target, in the whole window. `?session=` is the one that runs, for a reload. */
export function TerminalPage(): ReactNode {
  const { target, account } = useParams<{ target: string; account: string }>();
  // Another place is another terminal.
  return <TerminalAt key={`${target}/${account}`} target={target} account={account} />;
}

function TerminalAt({ target, account }: { readonly target: string; readonly account: string }): ReactNode {
  const client = useClient();
  const [session, setSession] = useUrlText('session');
  const first = useRef(session);
  const [desk, setDesk] = useState<Desk | null>(null);
  const [paste, setPaste] = useState<Paste | null>(null);
  const pressed = useRef<(shortcut: Shortcut) => void>(() => undefined);
  const pane = useRef<HTMLDivElement>(null);

  useEffect(() => {
    document.title = `${account}@${target} · Sallyport`;
    if (pane.current === null) return undefined;
    const ticket = async (running: string | null): Promise<TicketAnswer> => {
      const input = running === null ? { target, account } : { session: running };
      const { data, error } = await client.mutation(OpenTerminal, { input }, running === null ? {} : byItself);
      if (error !== undefined) {
        const { kind, message } = problemOf(error);
        return { kind: kind === 'unreachable' ? 'unreachable' : 'refused', message };
      }
      const opened = data?.openTerminal;
      if (typeof opened?.ticket === 'string') return { kind: 'ticket', ticket: opened.ticket };
      return { kind: 'refused', message: refusalText(opened?.errors ?? []) ?? 'The server gave no ticket.' };
    };
    const made = newDesk(pane.current, {
      session: first.current === '' ? null : first.current,
      preferences: readPreferences(),
      ticket,
      asksForPaste: setPaste,
      pressed: (shortcut) => pressed.current(shortcut),
    });
    setDesk(made);
    return () => {
      setDesk(null);
      made.dispose();
    };
  }, [client, target, account]);

  return (
    <main className="terminal-page">
      {desk === null ? (
        <h1 hidden>
          {account}@{target}
        </h1>
      ) : (
        <TerminalDesk
          {...{ desk, target, account, paste, pressed }}
          session={session}
          setSession={setSession}
          donePasting={() => setPaste(null)}
        />
      )}
      <div className="terminal-pane">
        <div ref={pane} />
      </div>
    </main>
  );
}
