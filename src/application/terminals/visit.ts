import { sessionDecider } from '../../domain/session/decider.ts';
import type { VerifiedPass } from '../admission/door.ts';
import { viewerContext } from '../commands/logins.ts';
import { runCommand } from '../commands/run-command.ts';
import type { TerminalSession } from '../ports/browser-terminals.ts';
import type { Page, TerminalBegin, TerminalLine, TerminalVisit, TerminalWish } from '../ports/terminal-face.ts';
import type { Attachment } from './attachment.ts';
import { KeptTerminal } from './kept-terminal.ts';
import type { KeptTerminals } from './kept-terminals.ts';
import type { TerminalTools } from './tools.ts';

interface Visitor {
  readonly pass: VerifiedPass;
  readonly source: string;
  readonly wish: TerminalWish;
}

type VisitTools = Pick<TerminalTools, 'tools' | 'door' | 'browser' | 'detachedMilliseconds'>;

const absent = 'there is no open terminal of this session: it has ended, or is none of yours';
const notFromHere = 'this login may not go there now, so that the terminal stays where it is';

/** What somebody does whose ticket was good: opens a terminal, or comes back to one. */
export function visitOf(deps: VisitTools, terminals: KeptTerminals, visitor: Visitor): TerminalVisit {
  const { wish } = visitor;
  return {
    begin: async (begin, page) =>
      'session' in wish
        ? await comeBack(deps, terminals, { ...visitor, wish }, begin, page)
        : await open(deps, terminals, { ...visitor, wish }, begin, page),
  };
}

async function open(
  { tools, browser, detachedMilliseconds }: VisitTools,
  terminals: KeptTerminals,
  { pass, source, wish }: Visitor & { readonly wish: Extract<TerminalWish, { readonly target: string }> },
  { size, from, client }: TerminalBegin,
  page: Page,
): Promise<TerminalLine | null> {
  if (from !== null && from > 0) return null;
  const { target, account, reason } = wish;
  const facts = { userId: pass.userId, passId: pass.passId, source, openedAt: await tools.now() };
  let session: TerminalSession | undefined;
  const terminal = new KeptTerminal(facts, detachedMilliseconds, {
    admitted: (now) => {
      session = now;
      terminals.add(now.sessionId, terminal);
    },
    gone: () => {
      if (session !== undefined) terminals.delete(session.sessionId);
    },
  });
  const attachment = terminal.attach(page, null);
  terminal.begin(browser.open({ pass, destination: { target, account }, reason, size, source, client }, terminal));
  return lineOf(terminal, attachment);
}

async function comeBack(
  deps: VisitTools,
  terminals: KeptTerminals,
  { pass, source, wish }: Visitor & { readonly wish: Extract<TerminalWish, { readonly session: unknown }> },
  { size, from, client }: TerminalBegin,
  page: Page,
): Promise<TerminalLine | null> {
  const found = terminals.find(pass.userId, wish.session);
  const same = found?.passId === pass.passId && found.source === source;
  const session = found?.session ?? null;
  const allowed =
    session !== null &&
    (same || (await mayComeBack(deps.door, { pass, source }, session))) &&
    (await isNoted(deps, session, { pass, source, client }));
  // It may have gone meanwhile.
  const terminal = terminals.find(pass.userId, wish.session);
  if (terminal === undefined || !allowed) {
    page.tell({ type: 'end', reason: 'refused', message: terminal === undefined ? absent : notFromHere });
    return noLine;
  }
  if (from !== null && from > terminal.end) return null;
  const attachment = terminal.attach(page, from);
  terminal.resize(attachment, size);
  return lineOf(terminal, attachment);
}

/** Nobody attaches of whom that is not in the log. Errors: those of the log. */
async function isNoted(
  { tools }: VisitTools,
  { sessionId }: TerminalSession,
  { pass, source, client }: Omit<Visitor, 'wish'> & Pick<TerminalBegin, 'client'>,
): Promise<boolean> {
  const command = { type: 'attach-terminal', passId: pass.passId, source, client } as const;
  return (await runCommand(tools, sessionDecider, sessionId, viewerContext({ tools }, pass), command)).ok;
}

/**
 * Whoever comes by another login, or from elsewhere, gets what admission would give them now: else a terminal would lead
 * around the conditions that their login does not meet.
 */
async function mayComeBack(
  door: VisitTools['door'],
  { pass, source }: Omit<Visitor, 'wish'>,
  { target, account }: TerminalSession,
): Promise<boolean> {
  const reach = await door.reachable({ pass, protocol: 'ssh', source });
  if (!reach.ok) return false;
  // A reason was given when the session was opened.
  return reach.open.some(
    (place) => place.target === target && place.account === account && (place.reason === null || place.asks !== null),
  );
}

const noLine: TerminalLine = {
  input: () => {},
  resize: () => {},
  answer: () => {},
  acknowledge: () => true,
  close: () => {},
  detach: () => {},
};

function lineOf(terminal: KeptTerminal, attachment: Attachment): TerminalLine {
  return {
    input: (data) => terminal.input(attachment, data),
    resize: (size) => terminal.resize(attachment, size),
    answer: (id, answers) => terminal.answer(attachment, id, answers),
    acknowledge: (offset) => terminal.acknowledge(attachment, offset),
    close: () => terminal.close(attachment),
    detach: () => terminal.detach(attachment),
  };
}
