import { type ReactNode, type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import type { Desk } from './desk.ts';
import { goesOn } from './link-state.ts';
import type { Paste } from './paste.ts';
import { PasteDialog } from './paste-dialog.tsx';
import { type Preferences, readPreferences, writePreferences } from './preferences.ts';
import { QuestionForm } from './question-form.tsx';
import { SearchBar } from './search-bar.tsx';
import type { Shortcut } from './shortcuts.ts';
import { Standing } from './standing.tsx';
import { Toolbar, toolsId } from './toolbar.tsx';

export interface TerminalDeskProps {
  readonly desk: Desk;
  readonly target: string;
  readonly account: string;
  readonly paste: Paste | null;
  readonly donePasting: () => void;
  readonly pressed: RefObject<(shortcut: Shortcut) => void>;
  /** As the address has it. */
  readonly session: string;
  readonly setSession: (session: string) => void;
}

/** Everything around the screen: tools, questions, and how the connection stands. */
export function TerminalDesk(props: TerminalDeskProps): ReactNode {
  const { desk, target, account, paste, pressed, session, setSession } = props;
  const { link, terminal } = desk;
  const state = useSyncExternalStore(link.subscribe, link.state);
  const [searching, setSearching] = useState(false);
  const [preferences, setPreferences] = useState(readPreferences);

  const running = state.session !== null && (state.end === null || goesOn(state.end)) ? state.session.session : '';
  const known = state.session !== null || state.end !== null;
  useEffect(() => {
    if (known && running !== session) setSession(running);
  }, [known, running, session, setSession]);

  const copy = (): void => {
    if (terminal.hasSelection()) void navigator.clipboard.writeText(terminal.getSelection()).catch(() => undefined);
  };
  useEffect(() => {
    pressed.current = (shortcut) => {
      if (shortcut === 'copy') copy();
      if (shortcut === 'find') setSearching(true);
      if (shortcut === 'leave') document.querySelector<HTMLElement>(`#${toolsId} button`)?.focus();
    };
  });
  // Keys go to the terminal as soon as it takes them.
  useEffect(() => {
    if (state.phase === 'open') terminal.focus();
  }, [state.phase, terminal]);

  const prefer = (next: Preferences): void => {
    setPreferences(next);
    writePreferences(next);
    desk.prefer(next);
  };
  return (
    <>
      <Toolbar
        {...{ target, account, state, preferences, prefer, copy }}
        search={() => setSearching(true)}
        end={() => link.end()}
      />
      {searching ? (
        <SearchBar
          search={desk.search}
          done={() => {
            setSearching(false);
            terminal.focus();
          }}
        />
      ) : null}
      <Standing state={state} again={() => link.connect()} read={() => link.forgetNotices()} />
      {state.question === null ? null : (
        <QuestionForm
          key={state.question.id}
          question={state.question}
          target={target}
          answer={(answers) => link.answer(state.question?.id ?? 0, answers)}
        />
      )}
      <PasteDialog
        paste={paste}
        send={() => {
          if (paste !== null) terminal.paste(paste.text);
        }}
        done={() => {
          props.donePasting();
          terminal.focus();
        }}
      />
    </>
  );
}
