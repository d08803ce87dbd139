import { createSecretKey, randomBytes } from 'node:crypto';
import { closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Recordings } from '../../application/ports/recordings.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { isStreamIdOf, type SessionId } from '../../domain/kernel/ids.ts';
import { encodeFileHeader } from './container.ts';
import { recordingReader } from './reader.ts';
import { recordingWriter } from './writer.ts';

/**
 * Recordings in files `<data>/recordings/<session uuid>.rec`, each under a key of its own that custody holds as
 * `recording/<session id>`. Errors of `create`: kind `unavailable`, code `recording-failed` (no space, no rights);
 * kind `conflict`, code `recording-exists`; those of the vault. A session id that is none is kind `invalid`, code
 * `session-id-invalid`: nothing else ever names a file (security rule K1).
 */
export function fileRecordings(dataFolder: string, vault: Vault): Recordings {
  const folder = join(dataFolder, 'recordings');
  return {
    async create(sessionId, startedAt, strict) {
      const uuid = uuidOf(sessionId);
      const key = randomBytes(32);
      try {
        await vault.put(keyId(sessionId), key);
      } catch (cause) {
        throw cause instanceof SallyportError && cause.kind === 'conflict' ? exists(sessionId, cause) : cause;
      }
      const header = encodeFileHeader(uuid, startedAt);
      try {
        const file = createFile(join(folder, `${uuid}.rec`), header);
        return recordingWriter(file, createSecretKey(key), header, strict);
      } catch (cause) {
        await vault.destroy(keyId(sessionId));
        throw new SallyportError(
          'unavailable',
          'recording-failed',
          `the recording of ${sessionId} could not be begun; check space and rights of <data>/recordings`,
          { cause },
        );
      }
    },
    async open(sessionId) {
      const file = await recordingFile(dataFolder, vault, sessionId);
      return file === null ? null : recordingReader(file.path, file.uuid, createSecretKey(file.key));
    },
  };
}

/** Where a recording lies and what opens it. */
export interface RecordingFile {
  readonly path: string;
  readonly uuid: string;
  readonly key: Uint8Array;
}

/** Null when the session has no recording. Errors as of `fileRecordings`. */
export async function recordingFile(
  dataFolder: string,
  vault: Pick<Vault, 'open'>,
  sessionId: SessionId,
): Promise<RecordingFile | null> {
  const uuid = uuidOf(sessionId);
  const path = join(dataFolder, 'recordings', `${uuid}.rec`);
  return existsSync(path) ? { path, uuid, key: await vault.open(keyId(sessionId)) } : null;
}

const keyId = (sessionId: SessionId): string => `recording/${sessionId}`;

function uuidOf(sessionId: SessionId): string {
  if (isStreamIdOf('session', sessionId)) return sessionId.slice('session-'.length);
  throw new SallyportError('invalid', 'session-id-invalid', 'a recording is named by a session id and nothing else');
}

/** Creates the file with its header, both on the disk. An existing file is never opened for writing. */
function createFile(path: string, header: Uint8Array): number {
  const made = mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (made !== undefined) syncFolder(dirname(made));
  const file = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  try {
    if (writeSync(file, header, 0, header.length, 0) !== header.length) throw new Error('the header was cut short');
    fsyncSync(file);
    syncFolder(dirname(path));
    return file;
  } catch (error) {
    closeSync(file);
    rmSync(path, { force: true });
    throw error;
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function exists(sessionId: SessionId, cause: unknown): SallyportError {
  return new SallyportError(
    'conflict',
    'recording-exists',
    `${sessionId} has a recording already; a recording is never written a second time`,
    { cause },
  );
}
