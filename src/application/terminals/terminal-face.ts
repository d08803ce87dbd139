import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { PassRefusalReason } from '../../domain/authentication/events.ts';
import { streamId } from '../../domain/kernel/ids.ts';
import { plusMilliseconds } from '../../domain/kernel/time.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { refused } from '../commands/passes.ts';
import { StreamWriter } from '../commands/run-command.ts';
import type { TerminalFace, TerminalWish } from '../ports/terminal-face.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import { attendLogin } from './attend-login.ts';
import { KeptTerminals } from './kept-terminals.ts';
import { TicketBrake } from './ticket-brake.ts';
import { TerminalTickets, ticketMilliseconds } from './tickets.ts';
import type { TerminalTools } from './tools.ts';
import { visitOf } from './visit.ts';

/** Terminals in the browser, from the ticket to the page that comes back (docs/protocols/terminal.md). */
export function terminalFaceOf(deps: TerminalTools): TerminalFace {
  const tickets = new TerminalTickets(deps.drawSecret, () => performance.now());
  const brake = new TicketBrake(() => performance.now());
  const terminals = new KeptTerminals();
  return {
    openTerminal: async (viewer, wish) => {
      if (brake.refuses(viewer.userId)) return tooManyRefused();
      const no = await refusalOf(deps, terminals, viewer, wish);
      if (no !== null) return no;
      const now = await deps.tools.now();
      const ticket = tickets.draw(viewer.loginId, wish);
      return ticket === null
        ? refused('too-many-tickets', 'This login has too many tickets that were not used; wait half a minute.')
        : { ok: true, ticket, expiresAt: plusMilliseconds(now, ticketMilliseconds) };
    },
    terminals: (viewer) => terminals.of(viewer.userId),
    visit: async (viewer, ticket, source, ended) => {
      if (brake.refuses(viewer.userId)) return 'ticket-refused';
      const taken = tickets.take(viewer.loginId, ticket);
      if (!taken.ok) {
        const isLast = brake.failed(viewer.userId);
        await noteRefusal(deps, viewer, source, taken.reason);
        if (isLast) await noteRefusal(deps, viewer, source, 'too-many');
        return 'ticket-refused';
      }
      const login = await attendLogin(deps, viewer, ended);
      if (login === null) return 'login-ended';
      const { pass, ...visitor } = login;
      return { ...visitor, visit: visitOf(deps, terminals, { pass, source, wish: taken.wish }) };
    },
  };
}

/** Null: a ticket may be given. It gives no right: what is wished goes through admission. */
async function refusalOf(
  deps: TerminalTools,
  terminals: KeptTerminals,
  viewer: Viewer,
  wish: TerminalWish,
): Promise<Refused | null> {
  if ((await deps.door.verifyLogin(viewer)) === null) {
    return refused('no-browser-login', 'This login opens no terminal in a browser; log in in the browser.');
  }
  if ('session' in wish) return terminals.find(viewer.userId, wish.session) === undefined ? noTerminal() : null;
  return await otherProtocol(deps, viewer, wish.target);
}

function tooManyRefused(): Refused {
  return refused('too-many-tickets', 'Too many tickets of yours were refused; wait a minute.');
}

function noTerminal(): Refused {
  return refused('absent', 'There is no open terminal of this session: it has ended, or is none of yours.');
}

/** Said to those alone who may reach it. */
async function otherProtocol(deps: TerminalTools, viewer: Viewer, target: string): Promise<Refused | null> {
  const where = { kind: 'target', name: target, withdrawn: 0 } as const;
  const [row] = deps.views.targetCatalogue.find({ where, limit: 1 });
  const protocol = row?.spec.protocol;
  if (typeof protocol !== 'string' || protocol === 'ssh') return null;
  const mayReach = (await deps.reach(viewer)).some((entry) => entry.target === target);
  if (!mayReach) return null;
  const text = `${visibleText(target)} speaks ${protocol}: a terminal in the browser is for SSH targets alone`;
  return refused('other-protocol', `${text}; connect with a client of its own, as \`sallyport ls\` shows.`);
}

async function noteRefusal(
  { tools, processLog }: TerminalTools,
  { userId }: Viewer,
  source: string,
  reason: PassRefusalReason,
): Promise<void> {
  const context = {
    actor: { kind: 'user' as const, userId },
    correlationId: tools.ids.uuid(),
    causationId: null,
  };
  const stream = streamId('authentication', tools.ids.uuid());
  try {
    const refusal = { userId, nameKey: null, door: 'web', source, reason } as const;
    await new StreamWriter(tools, authenticationDecider, stream).run(context, () => ({ type: 'refuse-pass', refusal }));
  } catch (error) {
    processLog.error('a refused ticket could not be logged', { source, reason, error: String(error) });
  }
}
