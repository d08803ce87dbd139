import type { SessionId, UserId } from '../../domain/kernel/ids.ts';
import type { OpenTerminal } from '../ports/terminal-face.ts';
import type { KeptTerminal } from './kept-terminal.ts';

/** The terminals of this node that somebody may come back to, by their sessions. */
export class KeptTerminals {
  readonly #bySession = new Map<SessionId, KeptTerminal>();

  add(sessionId: SessionId, terminal: KeptTerminal): void {
    this.#bySession.set(sessionId, terminal);
  }

  delete(sessionId: SessionId): void {
    this.#bySession.delete(sessionId);
  }

  /** Somebody else's is as absent as one that never was. */
  find(userId: UserId, sessionId: SessionId): KeptTerminal | undefined {
    const terminal = this.#bySession.get(sessionId);
    return terminal?.userId === userId ? terminal : undefined;
  }

  /** Those of one person that have not ended, oldest first. */
  of(userId: UserId): readonly OpenTerminal[] {
    const all = [...this.#bySession.values()].flatMap(({ userId: owner, hasEnded, session, openedAt, attached }) => {
      if (owner !== userId || hasEnded || session === null) return [];
      const { sessionId, target, account } = session;
      return [{ sessionId, target, account, openedAt, attached }];
    });
    return all.sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1));
  }
}
