import { createHash } from 'node:crypto';
import { ProtocolError } from '../../../domain/kernel/errors.ts';
import { looked, type Noted, nothingNoted, operationDone, transferred } from './facts.ts';
import { type FilePolicy, isTooLong, refusalOf } from './file-policy.ts';
import { RefusedFiles } from './refused-files.ts';
import { type ScpCommand, scpPath } from './scp-command.ts';
import type { FileProtocol, FileWire } from './wire.ts';

const longestLine = 8192;
const newLine = 10;

/** What the source said last and the sink has to answer. */
type Said =
  | { readonly type: 'start' | 'times' | 'up' | 'end' }
  | { readonly type: 'file'; readonly name: string; readonly size: number }
  | { readonly type: 'folder'; readonly name: string };

interface FileUnderWay {
  readonly path: string;
  readonly size: number;
  readonly hash: ReturnType<typeof createHash>;
  left: number;
  failed: string | null;
}

/**
 * scp's old protocol (as rcp spoke it): a source sends `C`, `D`, `E` and `T` lines and contents, a sink answers each with
 * one byte, or with a line of error. Strictly in turns; what leaves the protocol ends the channel. Contents are hashed.
 */
export class Scp implements FileProtocol {
  readonly full = false;
  readonly #wire: FileWire;
  readonly #channel: number;
  readonly #refused: RefusedFiles;
  readonly #policy: FilePolicy;
  readonly #command: ScpCommand;
  readonly #folders: string[] = [];
  #turn: 'source' | 'sink' = 'sink';
  #said: Said = { type: 'start' };
  #file: FileUnderWay | null = null;
  /** The lines that are coming in, of the source and of the sink. */
  readonly #lines = { source: '', sink: '' };

  constructor(wire: FileWire, channel: number, policy: FilePolicy, command: ScpCommand) {
    this.#wire = wire;
    this.#channel = channel;
    this.#refused = new RefusedFiles(channel, policy);
    this.#policy = policy;
    this.#command = command;
  }

  fromClient(bytes: Buffer): number {
    const role = this.#isUpload ? 'source' : 'sink';
    let at = 0;
    // A client that does not wait for its turn waits here.
    while (at < bytes.length && this.#turn === role && !this.#wire.behind()) at += this.#take(role, bytes.subarray(at));
    return at;
  }

  fromTarget(bytes: Buffer): void {
    const role = this.#isUpload ? 'sink' : 'source';
    for (let at = 0; at < bytes.length; ) {
      if (this.#turn !== role) throw new ProtocolError('turn', at, 'the target left the protocol of scp');
      at += this.#take(role, bytes.subarray(at));
    }
  }

  end(): Noted {
    return this.#file === null ? nothingNoted : this.#done('the connection ended before it was closed');
  }

  get #isUpload(): boolean {
    return this.#command.direction === 'upload';
  }

  #take(role: 'source' | 'sink', bytes: Buffer): number {
    if (role === 'source' && this.#file !== null && this.#file.left > 0) return this.#contents(this.#file, bytes);
    const isByte = bytes[0] === 0 && this.#lines[role] === '';
    if (isByte && (role === 'sink' || this.#file !== null)) {
      if (role === 'sink') this.#answered(null);
      else this.#endOfContents(null);
      return 1;
    }
    const end = bytes.indexOf(newLine);
    const taken = end === -1 ? bytes.length : end + 1;
    const line = this.#lines[role] + bytes.toString('latin1', 0, taken);
    if (line.length > longestLine) throw new ProtocolError('line', 0, 'a line of scp is too long');
    this.#lines[role] = end === -1 ? line : '';
    if (!/^[\x01\x02]/.test(line) && (role === 'sink' || this.#file !== null || !/^[CDET]/.test(line))) {
      throw new ProtocolError('line', 0, `this is not the protocol of scp, but for example what a login script prints`);
    }
    if (end === -1) return taken;
    if (role === 'sink') this.#answered(line);
    else if (this.#file !== null) this.#endOfContents(line);
    else this.#line(line);
    return taken;
  }

  #contents(file: FileUnderWay, bytes: Buffer): number {
    const piece = bytes.subarray(0, file.left);
    file.left -= piece.length;
    file.hash.update(piece);
    this.#toSink(piece);
    return piece.length;
  }

  /** A zero byte, or the source's error: then it has sent something else instead of what it could not read. */
  #endOfContents(error: string | null): void {
    if (this.#file !== null && error !== null) this.#file.failed ??= 'the source could not read all of it';
    this.#turn = 'sink';
    this.#said = { type: 'end' };
    // A download is noted before the client learns that it has all of it; an upload when the target says that it has.
    const noted = this.#isUpload ? nothingNoted : this.#done(this.#file?.failed ?? null);
    this.#toSink(error === null ? Buffer.of(0) : Buffer.from(error, 'latin1'), noted);
  }

  #line(line: string): void {
    const bytes = Buffer.from(line, 'latin1');
    if (line.startsWith('\x01') || line.startsWith('\x02')) {
      this.#toSink(bytes);
      return;
    }
    const said = read(line);
    if (said.type === 'file' && isTooLong(this.#policy, said.size)) {
      this.#refuse(said.name);
      return;
    }
    this.#said = said;
    this.#turn = 'sink';
    this.#toSink(bytes);
  }

  /** The source goes on with its next file; a person's scp shows the line. */
  #refuse(name: string): void {
    const path = scpPath(this.#command, [...this.#folders, name]);
    const line = Buffer.from(`\x01sallyport: ${refusalOf('too-large', this.#policy)}\n`);
    if (!this.#isUpload) this.#wire.toTarget(line);
    this.#wire.toClient(line, this.#refused.note(this.#command.direction, path, 'too-large'));
  }

  /** The sink said yes, or with a line why not. */
  #answered(error: string | null): void {
    const said = this.#said;
    this.#turn = 'source';
    let noted = nothingNoted;
    if (said.type === 'file') noted = this.#begin(said, error);
    else if (said.type === 'folder') noted = this.#enter(said.name, error);
    else if (said.type === 'up') this.#folders.pop();
    else if (said.type === 'end' && this.#file !== null) {
      noted = this.#done(this.#file.failed ?? (error === null ? null : 'the target could not store all of it'));
    }
    this.#toSource(error === null ? Buffer.of(0) : Buffer.from(error, 'latin1'), noted);
  }

  #begin({ name, size }: Extract<Said, { readonly type: 'file' }>, error: string | null): Noted {
    const path = scpPath(this.#command, [...this.#folders, name]);
    if (error !== null) return looked(this.#command.direction, path, { outcome: 'refused by the sink' });
    this.#file = { path, size, left: size, hash: createHash('sha256'), failed: null };
    return nothingNoted;
  }

  #enter(name: string, error: string | null): Noted {
    const path = scpPath(this.#command, [...this.#folders, name]);
    if (error !== null) return looked('mkdir', path, { outcome: 'refused by the sink' });
    this.#folders.push(name);
    if (!this.#isUpload) return nothingNoted;
    const detail = 'made, or there already';
    return operationDone({ channel: this.#channel, operation: 'mkdir', path, newPath: null, detail });
  }

  #done(why: string | null): Noted {
    const file = this.#file;
    if (file === null) return nothingNoted;
    this.#file = null;
    const { direction } = this.#command;
    const bytes = file.size - file.left;
    const sha256 = file.failed === null ? file.hash.digest('hex') : null;
    const outcome = why === null ? 'whole' : 'partial';
    const channel = this.#channel;
    return transferred({ channel, protocol: 'scp', direction, path: file.path, outcome, why, from: 0, bytes, sha256 });
  }

  #toSink(bytes: Buffer, noted: Noted = nothingNoted): void {
    if (this.#isUpload) this.#wire.toTarget(bytes);
    else this.#wire.toClient(bytes, noted);
  }

  /** What is noted goes before all that the client gets from here on, also when these bytes go to the target. */
  #toSource(bytes: Buffer, noted: Noted): void {
    this.#wire.toClient(this.#isUpload ? bytes : Buffer.alloc(0), noted);
    if (!this.#isUpload) this.#wire.toTarget(bytes);
  }
}

function read(line: string): Said {
  const file = /^C[0-7]{4,5} (\d{1,15}) (.+)\n$/.exec(line);
  if (file !== null) return { type: 'file', size: Number(file[1]), name: file[2] ?? '' };
  const folder = /^D[0-7]{4,5} 0 (.+)\n$/.exec(line);
  if (folder !== null) return { type: 'folder', name: folder[1] ?? '' };
  if (/^T\d{1,15} \d{1,6} \d{1,15} \d{1,6}\n$/.test(line)) return { type: 'times' };
  if (line === 'E\n') return { type: 'up' };
  throw new ProtocolError('line', 0, 'a line of scp that there is not');
}
