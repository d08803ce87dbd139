/** Fields of an error or notice by their letters ("Error and Notice Message Fields"): S, V, C, M, D, H and more. */
export type ResponseFields = ReadonlyMap<string, string>;

/** Idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E';

export interface Column {
  readonly name: string;
  readonly table: number;
  readonly attribute: number;
  /** Object id of its type. */
  readonly dataType: number;
  readonly size: number;
  readonly modifier: number;
  readonly format: number;
}

/** What a target sends ("Message Formats"). Buffers are views of the message; text is read as UTF-8. */
export type BackendMessage =
  | { readonly type: 'authentication-ok' | 'authentication-cleartext' }
  | { readonly type: 'authentication-md5'; readonly salt: Buffer }
  | { readonly type: 'authentication-sasl'; readonly mechanisms: readonly string[] }
  | { readonly type: 'authentication-sasl-continue' | 'authentication-sasl-final'; readonly data: Buffer }
  /** Kerberos, GSS, SSPI and whatever comes: by its number. */
  | { readonly type: 'authentication-other'; readonly code: number }
  | { readonly type: 'parameter-status'; readonly name: string; readonly value: string }
  | { readonly type: 'backend-key-data'; readonly processId: number; readonly secret: Buffer }
  | { readonly type: 'ready-for-query'; readonly status: TransactionStatus }
  /** `rows` as the tag counts them; null when it does not. */
  | { readonly type: 'command-complete'; readonly tag: string; readonly rows: number | null }
  | { readonly type: 'error-response' | 'notice-response'; readonly fields: ResponseFields }
  | { readonly type: 'parameter-description'; readonly dataTypes: readonly number[] }
  | { readonly type: 'row-description'; readonly columns: readonly Column[] }
  | {
      readonly type: 'copy-in' | 'copy-out' | 'copy-both';
      readonly binary: boolean;
      readonly formats: readonly number[];
    }
  | { readonly type: 'negotiate-protocol-version'; readonly minor: number; readonly unknown: readonly string[] }
  | {
      readonly type:
        | 'parse-complete'
        | 'bind-complete'
        | 'close-complete'
        | 'no-data'
        | 'portal-suspended'
        | 'empty-query'
        | 'copy-done';
    }
  /** Carried, not read: rows, results of functions, COPY data, notifications. */
  | { readonly type: 'data-row' | 'function-result' | 'copy-data' | 'notification'; readonly body: Buffer };

/** The first bytes of the messages of a target. */
export const backendType = {
  authentication: 0x52, // R
  parameterStatus: 0x53, // S
  backendKeyData: 0x4b, // K
  readyForQuery: 0x5a, // Z
  commandComplete: 0x43, // C
  errorResponse: 0x45, // E
  noticeResponse: 0x4e, // N
  parameterDescription: 0x74, // t
  rowDescription: 0x54, // T
  dataRow: 0x44, // D
  emptyQuery: 0x49, // I
  parseComplete: 0x31, // 1
  bindComplete: 0x32, // 2
  closeComplete: 0x33, // 3
  noData: 0x6e, // n
  portalSuspended: 0x73, // s
  functionResult: 0x56, // V
  notification: 0x41, // A
  copyIn: 0x47, // G
  copyOut: 0x48, // H
  copyBoth: 0x57, // W
  copyData: 0x64, // d
  copyDone: 0x63, // c
  negotiateProtocolVersion: 0x76, // v
} as const;
