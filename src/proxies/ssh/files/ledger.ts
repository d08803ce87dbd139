import { ProtocolError } from '../../../domain/kernel/errors.ts';
import type { FileDirection, FileOperation } from '../../../domain/session/events.ts';
import { joined, looked, type Noted, nothingNoted, operationDone } from './facts.ts';
import { allows, type FilePolicy, isTooLong } from './file-policy.ts';
import { maySame, plainName } from './names.ts';
import { OpenFile, purposes } from './open-file.ts';
import { Outstanding, unasked, type Wish } from './outstanding.ts';
import type { ReorderBudget } from './ordered-hash.ts';
import { RefusedFiles } from './refused-files.ts';
import { describeAttributes } from './sftp-attributes.ts';
import { type DataHead, encodeInit, encodeVersion, type FileReply, statusCode } from './sftp-replies.ts';
import { type FileRequest, isUnderstood, openFlag, type WriteHead } from './sftp-requests.ts';
import { longestPath, mostOpen, noHandle, noLength, pass, tooLongPath, tooManyOpen, type Verdict } from './verdict.ts';

/** The one version of the protocol that is spoken here. */
const version = 3;
type Changing = Extract<FileRequest, { readonly type: 'setstat' | 'fsetstat' | FileOperation }>;

/**
 * What is known of one SFTP channel: which request an answer belongs to, which file a handle, and what passed of each
 * file. Decides what may pass; says what happened once the target has confirmed it. No I/O. Errors: ProtocolError.
 */
export class Ledger {
  readonly #channel: number;
  readonly #refused: RefusedFiles;
  readonly #policy: FilePolicy;
  readonly #outstanding = new Outstanding();
  readonly #files = new Map<string, OpenFile>();
  readonly #folders = new Map<string, { readonly path: string; entries: number }>();
  readonly #budget: ReorderBudget;
  #greeted = false;
  /** The file whose contents pass just now, each way. */
  #writing: OpenFile | null = null;
  #reading: OpenFile | null = null;

  constructor(channel: number, policy: FilePolicy, budget: ReorderBudget) {
    this.#budget = budget;
    this.#channel = channel;
    this.#refused = new RefusedFiles(channel, policy);
    this.#policy = policy;
  }

  /** Whether so much is unanswered that no more requests are taken for now. */
  get full(): boolean {
    return this.#outstanding.full;
  }

  request(request: FileRequest): Verdict {
    if (request.type === 'init') return this.#init(request.version);
    if (!this.#greeted) throw new ProtocolError('no-init', 4, 'SFTP begins with its version');
    const { id } = request;
    switch (request.type) {
      case 'open':
        return this.#open(request);
      case 'close':
        return this.#close(id, request.handle);
      case 'read':
        return this.#read(request);
      case 'setstat':
      case 'fsetstat':
      case 'mkdir':
      case 'remove':
      case 'rmdir':
      case 'rename':
      case 'symlink':
      case 'hardlink':
        return this.#change(request);
      case 'unknown':
        return this.#refused.answer(id, 'other', request.name, 'not-supported');
      case 'plain':
        return this.#expect(id, { type: 'plain' });
      case 'readdir':
        if (!this.#folders.has(request.handle)) return noHandle(id);
        return this.#expect(id, { type: 'readdir', handle: request.handle });
      case 'fstat': {
        const file = this.#files.get(request.handle);
        return file === undefined ? noHandle(id) : this.#expect(id, { type: 'fstat', file });
      }
      default:
        if (request.path.length > longestPath) return tooLongPath(id);
        if (request.type === 'opendir' && this.#tooManyOpen()) return tooManyOpen(id);
        return this.#expect(id, { type: request.type, path: request.path });
    }
  }

  /** The head of a WRITE; when it passes, its contents come by `written`. */
  write({ id, handle, offset, length }: WriteHead): Verdict {
    const file = this.#files.get(handle);
    if (file?.writes !== true || offset === null) return noHandle(id);
    if (isTooLong(this.#policy, offset + length)) return this.#tooLong(id, file, 'upload');
    const verdict = this.#expect(id, { type: 'write', file });
    file.write(offset, length);
    this.#writing = file;
    return verdict;
  }

  written(bytes: Buffer): void {
    this.#writing?.contentsWritten(bytes);
  }

  /** The head of a DATA; when it passes, its contents come by `read`. */
  data({ id, length }: DataHead): Verdict {
    const wish = this.#outstanding.wish(id);
    if (wish.type !== 'read' || length > wish.length || wish.file.closed) throw unasked();
    this.#outstanding.answered(id);
    this.#reading = wish.file;
    if (isTooLong(this.#policy, wish.offset + length)) return this.#tooLong(id, wish.file, 'download');
    wish.file.read(wish.offset, length, wish.length);
    return pass;
  }

  read(bytes: Buffer): void {
    this.#reading?.contentsRead(bytes);
  }

  /** An answer of the target; always passes, changed or not. */
  reply(reply: FileReply): Verdict {
    if (reply.type === 'version') {
      if (reply.version !== version) throw new ProtocolError('version', 5, 'the target speaks another version of SFTP');
      const known = reply.extensions.filter(([name]) => isUnderstood(name));
      return { pass: true, bytes: encodeVersion(version, known), noted: nothingNoted };
    }
    const wish = this.#outstanding.wish(reply.id);
    const noted = this.#noted(wish, reply);
    // Not before: what gets an answer that is none is still open at the end.
    this.#outstanding.answered(reply.id);
    return { pass: true, noted };
  }

  #noted(wish: Wish, reply: Exclude<FileReply, { readonly type: 'version' }>): Noted {
    if (reply.type === 'status') return this.#status(wish, reply.code);
    if (reply.type === 'handle') return this.#opened(wish, reply.handle);
    if (reply.type === 'attributes') {
      if (wish.type === 'fstat') wish.file.sized(reply.attributes.size);
      else if (wish.type === 'stat' || wish.type === 'lstat') this.#sized(wish, reply.attributes.size);
      else throw unasked();
      return wish.type === 'fstat' ? nothingNoted : looked(wish.type, wish.path);
    }
    if (wish.type === 'readdir') {
      const folder = this.#folders.get(wish.handle);
      if (reply.type === 'name' && folder !== undefined) folder.entries += reply.entries;
      return nothingNoted;
    }
    if (wish.type === 'realpath' || wish.type === 'readlink') return looked(wish.type, wish.path);
    if (wish.type !== 'plain') throw unasked();
    return nothingNoted;
  }

  /** The channel is over: what was open is partial, what was asked has no known outcome. */
  end(): Noted {
    const broken = 'the connection ended before it was closed';
    const open = new Set(this.#files.values());
    const notes: Noted[] = [];
    for (const wish of this.#outstanding.all()) {
      if (wish.type === 'change') notes.push(looked(wish.done.operation, wish.done.path, { outcome: 'unknown' }));
      if (wish.type === 'close' && wish.file !== null) open.add(wish.file);
    }
    for (const file of open) notes.push(file.transfers(this.#channel, broken));
    this.#files.clear();
    this.#outstanding.clear();
    return joined(notes);
  }

  #init(wanted: number): Verdict {
    if (this.#greeted || wanted < version) throw new ProtocolError('version', 5, 'SFTP version 3 is spoken here, once');
    this.#greeted = true;
    return { pass: true, bytes: encodeInit(version), noted: nothingNoted };
  }

  #expect(id: number, wish: Wish): Verdict {
    this.#outstanding.add(id, wish);
    return pass;
  }

  #open({ id, path, flags }: Extract<FileRequest, { readonly type: 'open' }>): Verdict {
    if (path.length > longestPath) return tooLongPath(id);
    const { reads, writes } = purposes(flags);
    if (writes && !allows(this.#policy, 'upload')) return this.#refused.answer(id, 'upload', path, 'direction');
    if (reads && !allows(this.#policy, 'download')) return this.#refused.answer(id, 'download', path, 'direction');
    // Where appended bytes land, and so how long the file gets, only the target knows.
    if ((flags & openFlag.append) !== 0 && this.#policy.maxFileBytes !== null) {
      return this.#refused.answer(id, 'upload', path, 'too-large');
    }
    if (this.#tooManyOpen()) return tooManyOpen(id);
    return this.#expect(id, { type: 'open', file: new OpenFile(path, flags, this.#budget) });
  }

  #tooManyOpen(): boolean {
    return this.#files.size + this.#folders.size + this.#outstanding.opens >= mostOpen;
  }

  #read({ id, handle, offset, length }: Extract<FileRequest, { readonly type: 'read' }>): Verdict {
    const file = this.#files.get(handle);
    if (file?.reads !== true || offset === null) return noHandle(id);
    return this.#expect(id, { type: 'read', file, offset, length });
  }

  #close(id: number, handle: string): Verdict {
    const file = this.#files.get(handle) ?? null;
    const folder = this.#folders.get(handle) ?? null;
    if (file === null && folder === null) return noHandle(id);
    const verdict = this.#expect(id, { type: 'close', file, folder });
    this.#files.delete(handle);
    this.#folders.delete(handle);
    return verdict;
  }

  #change(request: Changing): Verdict {
    const { id } = request;
    const file = request.type === 'fsetstat' ? this.#files.get(request.handle) : undefined;
    if (request.type === 'fsetstat' && file === undefined) return noHandle(id);
    const path = request.type === 'fsetstat' ? (file?.path ?? '') : request.path;
    const newPath = 'newPath' in request ? request.newPath : null;
    const operation = request.type === 'fsetstat' ? 'setstat' : request.type;
    if (path.length > longestPath || (newPath?.length ?? 0) > longestPath) return tooLongPath(id);
    if (!allows(this.#policy, 'upload')) return this.#refused.answer(id, operation, path, 'direction');
    const set = 'attributes' in request ? request.attributes : null;
    const size = operation === 'setstat' ? (set?.size ?? null) : null;
    if (size !== null && isTooLong(this.#policy, size)) return this.#refused.answer(id, operation, path, 'too-large');
    if (set?.size === Infinity) return noLength(id);
    const detail = set === null ? null : describeAttributes(set);
    const done = { channel: this.#channel, operation, path, newPath, detail };
    // What is asked to be opened is open when the target comes to this.
    const open = size === null ? [] : [...this.#files.values(), ...this.#outstanding.files('open')];
    const name = plainName(path);
    const resized = size === null ? [] : file === undefined ? open.filter((each) => each.name === name) : [file];
    const verdict = this.#expect(id, { type: 'change', done, resized });
    if (size === null) return verdict;
    for (const each of resized) each.resize(size);
    if (file !== undefined) return verdict;
    // Links and the like give one file several names.
    for (const each of open) {
      if (each.writes && each.name !== name) each.disturb('a length was set under another name at the same time');
    }
    return verdict;
  }

  /** Noted once for each file, however many parts are tried. */
  #tooLong(id: number, file: OpenFile, direction: FileDirection): Verdict {
    const noted = file.tooLong ? nothingNoted : undefined;
    file.tooLongFor(direction);
    return this.#refused.answer(id, direction, file.path, 'too-large', noted);
  }

  #status(wish: Wish, code: number): Noted {
    const ok = code === statusCode.ok;
    switch (wish.type) {
      case 'close':
        if (wish.folder !== null) return looked('list', wish.folder.path, { entries: wish.folder.entries });
        return wish.file?.closeAnswered(this.#channel, ok) ?? nothingNoted;
      case 'change':
        if (ok) return operationDone(wish.done);
        for (const file of wish.resized) file.resizeFailed();
        return looked(wish.done.operation, wish.done.path, { code });
      case 'write':
        if (!ok) wish.file.writeFailed();
        return nothingNoted;
      case 'read':
        if (code === statusCode.eof) wish.file.endOfFile(wish.offset);
        return nothingNoted;
      case 'open':
        return looked('open', wish.file.path, { code });
      case 'plain':
      case 'readdir':
      case 'fstat':
        return nothingNoted;
      default:
        return looked(wish.type, wish.path, { code });
    }
  }

  #opened(wish: Wish, handle: string): Noted {
    if (this.#files.has(handle) || this.#folders.has(handle)) throw unasked();
    if (wish.type === 'opendir') {
      this.#folders.set(handle, { path: wish.path, entries: 0 });
      return nothingNoted;
    }
    if (wish.type !== 'open') throw unasked();
    const { file } = wish;
    // What is asked to be closed was open when the target came to this.
    const all = [...this.#files.values(), ...this.#outstanding.files('close')];
    const others = all.filter((each) => maySame(each.loosely, file.loosely));
    if (file.writes || others.some(({ writes }) => writes)) {
      for (const each of others.length === 0 ? [] : [file, ...others]) each.disturb('it was open more than once');
    }
    this.#files.set(handle, file);
    return looked('open', file.path, { reads: file.reads, writes: file.writes });
  }

  #sized(wish: Extract<Wish, { readonly path: string }>, size: number | null): void {
    if (wish.type !== 'stat') return;
    const name = plainName(wish.path);
    for (const file of this.#files.values()) if (file.name === name) file.sized(size);
  }
}
