import { ProtocolError } from '../../domain/kernel/errors.ts';
import { forbiddenAt, resolved } from './xml-text.ts';

export interface XmlAttribute {
  readonly name: string;
  /** Namespace; empty for one without a prefix. */
  readonly space: string;
  readonly value: string;
}

/** One element with its namespace resolved. `text` is its own text, without that of its children. */
export interface XmlElement {
  readonly name: string;
  readonly space: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export interface XmlRules {
  /** Skipped where a person wrote the document; otherwise refused, since readers disagree on the text around them. */
  readonly comments: 'refused' | 'skipped';
}

const deepest = 32;
const mostElements = 20_000;
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
const qname = /(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)/y;
const attribute = /[ \t\n]+((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)[ \t\n]*=[ \t\n]*(?:"([^"<]*)"|'([^'<]*)')/y;
const declaration = /^<\?xml version="1\.0"(?: encoding="UTF-8")?(?: standalone="(?:yes|no)")?[ \t\n]*\?>/i;

type Scope = ReadonlyMap<string, string>;

interface Open {
  readonly tag: string;
  readonly element: XmlElement & { text: string; readonly children: XmlElement[] };
  readonly scope: Scope;
}

/**
 * Reads one document of the XML 1.0 subset that SAML needs: no DTD, entity, CDATA or processing instruction, one root,
 * names in ASCII, at most 32 levels and 20,000 elements. What is not in the subset throws a ProtocolError, so that what
 * is read here has one meaning for every reader.
 */
export function readXml(source: string, rules: XmlRules = { comments: 'refused' }): XmlElement {
  return new Reader(source.replaceAll(/\r\n?/g, '\n'), rules).document();
}

class Reader {
  private readonly source: string;
  private readonly rules: XmlRules;
  private at = 0;
  private elements = 0;
  private readonly open: Open[] = [];
  private root: XmlElement | undefined;

  constructor(source: string, rules: XmlRules) {
    this.source = source;
    this.rules = rules;
  }

  document(): XmlElement {
    const bad = forbiddenAt(this.source);
    if (bad !== -1) throw new ProtocolError('xml-character', bad, 'a character that XML forbids');
    this.at = declaration.exec(this.source)?.[0].length ?? 0;
    while (this.at < this.source.length) this.step();
    if (this.root === undefined || this.open.length > 0) this.fail('the document ends too early');
    return this.root;
  }

  private step(): void {
    if (this.source[this.at] !== '<') this.readText();
    else if (this.source.startsWith('<!--', this.at)) this.skipComment();
    else if (this.source.startsWith('<!DOCTYPE', this.at)) this.fail('a DTD');
    else if (this.source.startsWith('<!', this.at)) this.fail('a CDATA section or declaration');
    else if (this.source.startsWith('<?', this.at)) this.fail('a processing instruction');
    else if (this.source.startsWith('</', this.at)) this.readEnd();
    else this.readStart();
  }

  private readText(): void {
    const next = this.source.indexOf('<', this.at);
    const end = next === -1 ? this.source.length : next;
    const raw = this.source.slice(this.at, end);
    const parent = this.open.at(-1);
    if (parent === undefined && /[^ \t\n]/.test(raw)) this.fail('text outside the root element');
    if (raw.includes(']]>')) this.fail('the end of a CDATA section without its begin');
    if (parent !== undefined) parent.element.text += resolved(raw, this.at);
    this.at = end;
  }

  private skipComment(): void {
    if (this.rules.comments === 'refused') this.fail('a comment');
    const end = this.source.indexOf('-->', this.at + 4);
    if (end === -1) this.fail('a comment without an end');
    this.at = end + 3;
  }

  private readEnd(): void {
    const top = this.open.pop();
    const end = this.source.indexOf('>', this.at);
    if (end === -1 || this.source.slice(this.at + 2, end).trimEnd() !== top?.tag)
      this.fail('an end tag without its begin');
    this.at = end + 1;
  }

  private readStart(): void {
    const offset = this.at;
    this.at += 1;
    const match = this.match(qname) ?? this.fail('a tag without a name');
    const [tag, prefix = '', name = ''] = match;
    const raw = this.readAttributes();
    const scope = this.scopeWith(raw);
    const element = {
      name,
      space: prefix === '' ? (scope.get('') ?? '') : this.spaceOf(prefix, scope),
      attributes: this.resolveAttributes(raw, scope),
      children: [],
      text: '',
    };
    const empty = this.readTagEnd();
    this.elements += 1;
    if (this.elements > mostElements || this.open.length >= deepest) this.fail('too many elements', offset);
    this.place(element, offset);
    if (!empty) this.open.push({ tag, element, scope });
  }

  private place(element: XmlElement, offset: number): void {
    const parent = this.open.at(-1);
    if (parent !== undefined) parent.element.children.push(element);
    else if (this.root === undefined) this.root = element;
    else this.fail('a second root element', offset);
  }

  private readAttributes(): Map<string, string> {
    const found = new Map<string, string>();
    for (let match = this.match(attribute); match !== null; match = this.match(attribute)) {
      const [, name = '', double, single] = match;
      if (found.has(name)) this.fail('an attribute given twice');
      found.set(name, resolved((double ?? single ?? '').replaceAll(/[\t\n]/g, ' '), this.at));
    }
    return found;
  }

  private readTagEnd(): boolean {
    const end = this.match(/[ \t\n]*(\/?)>/y) ?? this.fail('a tag that is not well-formed');
    return end[1] === '/';
  }

  private scopeWith(raw: ReadonlyMap<string, string>): Scope {
    const outer = this.open.at(-1)?.scope ?? new Map([['xml', xmlNamespace]]);
    const declared = [...raw].filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'));
    if (declared.length === 0) return outer;
    const scope = new Map(outer);
    for (const [name, value] of declared) {
      const prefix = name.slice('xmlns:'.length);
      if (prefix !== '' && (value === '' || prefix === 'xml' || prefix === 'xmlns')) this.fail('a forbidden prefix');
      scope.set(prefix, value);
    }
    return scope;
  }

  private resolveAttributes(raw: ReadonlyMap<string, string>, scope: Scope): XmlAttribute[] {
    const seen = new Set<string>();
    const list: XmlAttribute[] = [];
    for (const [full, value] of raw) {
      if (full === 'xmlns' || full.startsWith('xmlns:')) continue;
      const colon = full.indexOf(':');
      const space = colon === -1 ? '' : this.spaceOf(full.slice(0, colon), scope);
      const name = full.slice(colon + 1);
      if (seen.has(`${space} ${name}`)) this.fail('an attribute given twice');
      seen.add(`${space} ${name}`);
      list.push({ name, space, value });
    }
    return list;
  }

  private spaceOf(prefix: string, scope: Scope): string {
    return scope.get(prefix) ?? this.fail('a prefix without a namespace');
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match !== null) this.at = pattern.lastIndex;
    return match;
  }

  private fail(what: string, offset = this.at): never {
    throw new ProtocolError('xml-refused', offset, what);
  }
}
