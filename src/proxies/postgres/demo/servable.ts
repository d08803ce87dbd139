import { encodeFrontend } from '../codec/frontend-encode.ts';
import { decodeFrontend, frontendType } from '../codec/frontend.ts';

const impossible = /\bcopy\b[^;]*\b(?:from\s+stdin|program)\b/i;

const refusal =
  "do $$begin raise exception using errcode = '0A000', message = 'the embedded demo database does not take COPY FROM STDIN or PROGRAM', hint = 'Use INSERT here, or a real PostgreSQL as target.'; end$$";

/**
 * The message itself; or, for what the embedded database can't do and comes apart by, one that makes it say so in an error
 * of its own, with what that means for a transaction. In doubt it is refused.
 */
export function servable(message: Buffer): Buffer {
  const type = message[0];
  if (type !== frontendType.query && type !== frontendType.parse) return message;
  if (!impossible.test(message.toString('latin1'))) return message;
  const read = decodeFrontend(message);
  return read.type === 'parse' ? encodeFrontend.parse(read.statement, refusal) : encodeFrontend.query(refusal);
}
