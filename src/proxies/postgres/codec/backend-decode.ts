import { ProtocolError } from '../../../domain/kernel/errors.ts';
import { decodeAuthentication } from './authentication.ts';
import {
  type BackendMessage,
  backendType,
  type Column,
  type ResponseFields,
  type TransactionStatus,
} from './backend.ts';
import { Reader } from './reader.ts';

/** One whole message with its header. Errors: ProtocolError when it is cut, too long, or of no known type. */
export function decodeBackend(message: Buffer): BackendMessage {
  const read = Reader.ofMessage(message);
  const decoded = decodeBody(message[0], read);
  read.end();
  return decoded;
}

function decodeBody(type: number | undefined, read: Reader): BackendMessage {
  switch (type) {
    case backendType.authentication:
      return decodeAuthentication(read);
    case backendType.parameterStatus:
      return { type: 'parameter-status', name: read.utf8(), value: read.utf8() };
    case backendType.backendKeyData:
      return { type: 'backend-key-data', processId: read.int32(), secret: secretOf(read) };
    case backendType.readyForQuery:
      return { type: 'ready-for-query', status: statusOf(read) };
    case backendType.commandComplete: {
      const tag = read.utf8();
      return { type: 'command-complete', tag, rows: rowsOf(tag) };
    }
    case backendType.errorResponse:
      return { type: 'error-response', fields: fieldsOf(read) };
    case backendType.noticeResponse:
      return { type: 'notice-response', fields: fieldsOf(read) };
    case backendType.parameterDescription:
      return { type: 'parameter-description', dataTypes: read.list(() => read.uint32()) };
    case backendType.rowDescription:
      return { type: 'row-description', columns: read.list(() => columnOf(read)) };
    case backendType.copyIn:
      return { type: 'copy-in', ...copyShapeOf(read) };
    case backendType.copyOut:
      return { type: 'copy-out', ...copyShapeOf(read) };
    case backendType.copyBoth:
      return { type: 'copy-both', ...copyShapeOf(read) };
    case backendType.negotiateProtocolVersion:
      return { type: 'negotiate-protocol-version', minor: read.uint32() & 0xff_ff, unknown: namesOf(read) };
    case backendType.emptyQuery:
      return { type: 'empty-query' };
    case backendType.parseComplete:
      return { type: 'parse-complete' };
    case backendType.bindComplete:
      return { type: 'bind-complete' };
    case backendType.closeComplete:
      return { type: 'close-complete' };
    case backendType.noData:
      return { type: 'no-data' };
    case backendType.portalSuspended:
      return { type: 'portal-suspended' };
    case backendType.copyDone:
      return { type: 'copy-done' };
    case backendType.dataRow:
      return { type: 'data-row', body: read.rest() };
    case backendType.functionResult:
      return { type: 'function-result', body: read.rest() };
    case backendType.copyData:
      return { type: 'copy-data', body: read.rest() };
    case backendType.notification:
      return { type: 'notification', body: read.rest() };
    default:
      throw new ProtocolError('unknown-type', 0, 'a message of a PostgreSQL server of a type that there is not');
  }
}

/** 4 bytes in protocol 3.0, up to 256 in 3.2. */
function secretOf(read: Reader): Buffer {
  if (read.left < 4 || read.left > 256)
    throw new ProtocolError('length', read.at, 'the cancel key of a PostgreSQL server has a bad length');
  return read.rest();
}

function statusOf(read: Reader): TransactionStatus {
  const at = read.at;
  const letter = String.fromCharCode(read.byte());
  if (letter === 'I' || letter === 'T' || letter === 'E') return letter;
  throw new ProtocolError('kind', at, 'a PostgreSQL server is in a transaction status that there is not');
}

/** "SELECT 5", "INSERT 0 5", "COPY 5": the last number of the tag. */
function rowsOf(tag: string): number | null {
  const digits = / (\d{1,15})$/.exec(tag)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Letter and text up to a zero. A letter that comes twice keeps its first text. */
function fieldsOf(read: Reader): ResponseFields {
  const fields = new Map<string, string>();
  while (true) {
    const letter = read.byte();
    if (letter === 0) return fields;
    const name = String.fromCharCode(letter);
    const text = read.utf8();
    if (!fields.has(name)) fields.set(name, text);
  }
}

function columnOf(read: Reader): Column {
  return {
    name: read.utf8(),
    table: read.uint32(),
    attribute: read.int16(),
    dataType: read.uint32(),
    size: read.int16(),
    modifier: read.int32(),
    format: read.int16(),
  };
}

function copyShapeOf(read: Reader): { binary: boolean; formats: readonly number[] } {
  const at = read.at;
  const format = read.byte();
  if (format > 1) throw new ProtocolError('kind', at, 'a PostgreSQL COPY has a format that there is not');
  return { binary: format === 1, formats: read.list(() => read.int16()) };
}

function namesOf(read: Reader): readonly string[] {
  const at = read.at;
  const count = read.uint32();
  // Each name takes a byte at least: a count alone takes no memory and no time.
  if (count > read.left) throw new ProtocolError('count', at, 'a PostgreSQL message counts more names than it holds');
  return Array.from({ length: count }, () => read.utf8());
}
