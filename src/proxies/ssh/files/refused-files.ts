import type { FileDirection, FileOperation, FileRefused } from '../../../domain/session/events.ts';
import { type Noted, refused } from './facts.ts';
import { type FilePolicy, refusalOf } from './file-policy.ts';
import { statusCode } from './sftp-replies.ts';
import { answer, type Verdict } from './verdict.ts';

/** Refusals of one operation that the audit gets one by one; then one event says that there were more. */
const most = 16;

type Reason = FileRefused['data']['reason'];
type Operation = FileOperation | FileDirection | 'other';

/** Notes what a channel was refused: a bounded number of events for each operation, and every one in the recording. */
export class RefusedFiles {
  readonly #channel: number;
  readonly #policy: FilePolicy;
  readonly #counts = new Map<Operation, number>();

  constructor(channel: number, policy: FilePolicy) {
    this.#channel = channel;
    this.#policy = policy;
  }

  /** The answer to a request of SFTP. */
  answer(
    id: number,
    operation: Operation,
    path: string,
    reason: Reason,
    noted = this.note(operation, path, reason),
  ): Verdict {
    const why = refusalOf(reason, this.#policy);
    const code = reason === 'not-supported' ? statusCode.unsupported : statusCode.permissionDenied;
    return { ...answer(id, code, why), noted, why };
  }

  note(operation: Operation, path: string, reason: Reason): Noted {
    const count = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, count);
    const { facts, records } = refused(this.#channel, operation, path, reason);
    if (count <= most) return { facts, records };
    const more = `more than ${most} refusals of this kind: no further ones are listed`;
    return { facts: count === most + 1 ? refused(this.#channel, operation, more, reason).facts : [], records };
  }
}
