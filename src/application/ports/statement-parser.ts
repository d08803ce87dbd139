import type { StatementReading } from '../../domain/policy/statements.ts';

/** Reads SQL as PostgreSQL's own grammar does. Synchronous; never throws; never slow, since long texts are not parsed. */
export interface StatementParser {
  /** A text of a Query or Parse message, without the NUL at its end. */
  read(text: string): StatementReading;
  /** The text without its constants; null when it is not understood. */
  redact(text: string): string | null;
  /** The text with every password in it replaced; the same text when there is none. */
  withoutSecrets(text: string): string;
}
