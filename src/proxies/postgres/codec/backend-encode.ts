import { authenticationCode } from './authentication.ts';
import type { TransactionStatus } from './backend.ts';
import { message } from './writer.ts';

/** What we say of ourselves in an error or a notice ("Error and Notice Message Fields"). `code` is an SQLSTATE. */
export interface Response<Severity extends string> {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}
export type ErrorSeverity = 'ERROR' | 'FATAL' | 'PANIC';
export type NoticeSeverity = 'WARNING' | 'NOTICE' | 'DEBUG' | 'INFO' | 'LOG';

/** What we send to a client as its server: whole messages. Text is UTF-8. Errors: SallyportError for a NUL in a text. */
export const encodeBackend = {
  authenticationOk: () => message('R', authenticationCode.ok),
  /** In the order of our liking. */
  authenticationSasl: (mechanisms: readonly string[]) =>
    message('R', authenticationCode.sasl, ...mechanisms, Buffer.of(0)),
  authenticationSaslContinue: (data: Uint8Array) => message('R', authenticationCode.saslContinue, data),
  authenticationSaslFinal: (data: Uint8Array) => message('R', authenticationCode.saslFinal, data),
  parameterStatus: (name: string, value: string) => message('S', name, value),
  backendKeyData: (processId: number, secret: Uint8Array) => message('K', processId, secret),
  readyForQuery: (status: TransactionStatus) => message('Z', Buffer.from(status, 'latin1')),
  commandComplete: (tag: string) => message('C', tag),
  emptyQuery: () => message('I'),
  errorResponse: (response: Response<ErrorSeverity>) => message('E', ...fieldsOf(response)),
  noticeResponse: (response: Response<NoticeSeverity>) => message('N', ...fieldsOf(response)),
  /** The newest 3.x that is spoken here, written as a whole version number as PostgreSQL does, and the unknown options. */
  negotiateProtocolVersion: (minor: number, unknown: readonly string[]) =>
    message('v', (3 << 16) | minor, unknown.length, ...unknown),
};

/** S may be translated and V may not; from us both are the same. */
function fieldsOf({ severity, code, message: text, detail, hint }: Response<string>): readonly (string | Uint8Array)[] {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`];
  if (detail !== undefined) fields.push(`D${detail}`);
  if (hint !== undefined) fields.push(`H${hint}`);
  return [...fields, Buffer.of(0)];
}
