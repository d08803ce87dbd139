/**
 * One statement at a database, or the same one several times in a row: `count` says how often. `statement` is its kind, as
 * in the entitlement's rules; several kinds in one text stand side by side with a comma. `marked`: it was passed on although
 * it could not be understood. `error` is the SQLSTATE of a failed one; `skipped` ones came after it in the same pipeline and
 * did not run; of `unknown` ones the answer was not seen. `rows` and `bytes` are those of the answers (of COPY: of the data),
 * `milliseconds` from passing it on to the end of its answer. `firstRecord` and `lastRecord` say where the text and the
 * parameters stand in the recording; they never stand in an event.
 */
export interface StatementRun {
  readonly statement: string;
  readonly fingerprint: string | null;
  readonly verdict: 'allowed' | 'marked';
  readonly outcome: 'done' | 'failed' | 'skipped' | 'unknown';
  readonly error: string | null;
  readonly count: number;
  readonly rows: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly firstRecord: number | null;
  readonly lastRecord: number | null;
}
