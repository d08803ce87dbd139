import type { TargetDatabase } from '../../application/ports/target-database.ts';
import type { Journal } from './statements/journal.ts';
import type { Statement } from './statements/statement.ts';

/** The cancel requests for one session, each on its record before the database hears of it. */
export class CancelRequests {
  readonly #journal: Journal;
  readonly #database: TargetDatabase;
  /** Those that the database may not have heard yet. */
  readonly #asked = new Set<Statement>();

  constructor(journal: Journal, database: TargetDatabase) {
    this.#journal = journal;
    this.#database = database;
  }

  /** Resolves when the database has heard it, or never will: nobody is told, since a cancel request has no answer, but the record says so. */
  async pass(source: string): Promise<void> {
    const { statement, written } = this.#journal.begin({ via: 'cancel', text: null, more: { source } });
    this.#asked.add(statement);
    const over = (outcome: 'done' | 'failed'): void => {
      if (this.#asked.delete(statement)) this.#journal.finished(statement, outcome, null);
    };
    try {
      await written;
      await this.#database.cancel();
      over('done');
    } catch {
      over('failed');
    }
  }

  /** The session is over: of those on their way it is not known what becomes of them. */
  abandoned(): readonly Statement[] {
    const left = [...this.#asked];
    this.#asked.clear();
    return left;
  }
}
