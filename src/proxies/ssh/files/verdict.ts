import { type Noted, nothingNoted } from './facts.ts';
import { encodeStatus, statusCode } from './sftp-replies.ts';

/** What becomes of a packet: it passes (as `bytes`, when it is another one), or is answered here. */
export type Verdict =
  | { readonly pass: true; readonly bytes?: Buffer; readonly noted: Noted }
  | { readonly pass: false; readonly answer: Buffer; readonly noted: Noted; readonly why?: string };

export const longestPath = 4096;
/** Handles open at the same time, each with its path. */
export const mostOpen = 512;

export const pass: Verdict = { pass: true, noted: nothingNoted };

/** The answer to a request that does not reach the target. */
export function answer(id: number, code: number, message: string): Extract<Verdict, { readonly pass: false }> {
  return { pass: false, answer: encodeStatus(id, code, message), noted: nothingNoted };
}

export function noHandle(id: number): Verdict {
  return answer(id, statusCode.failure, 'no such handle is open for this');
}

export function noLength(id: number): Verdict {
  return answer(id, statusCode.failure, 'no file is that long');
}

export function tooManyOpen(id: number): Verdict {
  return answer(id, statusCode.failure, `at most ${mostOpen} files are open at the same time`);
}

export function tooLongPath(id: number): Verdict {
  return answer(id, statusCode.failure, `names have at most ${longestPath} bytes`);
}
