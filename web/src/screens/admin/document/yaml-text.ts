import { isMap, type Json, type JsonMap, type ResourceDocument } from './document.ts';

/** A document as YAML 1.2, to be shown, compared and applied. */
export function yamlText({ apiVersion, kind, metadata, spec }: ResourceDocument): string {
  const { name, labels = {} } = metadata;
  const head = { name, ...(Object.keys(labels).length === 0 ? {} : { labels }) };
  return `${mapLines({ apiVersion, kind, metadata: head, spec }).join('\n')}\n`;
}

function mapLines(map: JsonMap): string[] {
  return Object.entries(map).flatMap(([key, value]) => entry(`${scalar(key)}:`, value));
}

function entry(head: string, value: Json): string[] {
  if (Array.isArray(value) && value.length > 0) return [head, ...indented((value as readonly Json[]).flatMap(item))];
  if (isMap(value) && Object.keys(value).length > 0) return [head, ...indented(mapLines(value))];
  if (typeof value === 'string' && isBlock(value)) {
    const lines = value.endsWith('\n') ? value.slice(0, -1).split('\n') : value.split('\n');
    return [`${head} |${value.endsWith('\n') ? '' : '-'}`, ...indented(lines)];
  }
  return [`${head} ${flat(value)}`];
}

function item(value: Json): string[] {
  if (isMap(value) && Object.keys(value).length > 0) return joined(mapLines(value));
  if (Array.isArray(value) && value.length > 0) return joined((value as readonly Json[]).flatMap(item));
  return [`- ${flat(value)}`];
}

function joined([first = '', ...rest]: readonly string[]): string[] {
  return [`- ${first}`, ...indented(rest)];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

function flat(value: Json): string {
  if (typeof value === 'string') return scalar(value);
  return JSON.stringify(value);
}

/** Visible lines that neither begin nor end in space: they stay readable as a block, such as a certificate. */
function isBlock(text: string): boolean {
  return (
    /^[^\s\p{C}\p{Z}][^\p{C}\p{Zl}\p{Zp}]*(?:\n[^\s\p{C}\p{Z}][^\p{C}\p{Zl}\p{Zp}]*)+\n?$/u.test(text) &&
    !/ (?:\n|$)/.test(text)
  );
}

/** What YAML 1.2 reads as something else than a text when it stands without quotes. */
const otherThanText = /^(?:null|true|false|~|[-+]?(?:\d|\.\d|\.inf|\.nan)[\w.+-]*)$/i;
const plain =
  /^[\p{L}\p{N}_/.$(][\p{L}\p{N}_/.$()@+=~^;<> -]*(?::[\p{L}\p{N}_/.$()@+=~^;<>-]+[\p{L}\p{N}_/.$()@+=~^;<> -]*)*$/u;

/** Without quotes where that is certain to be read back as the same text. */
function scalar(text: string): string {
  const certain = plain.test(text) && !otherThanText.test(text) && !text.endsWith(' ');
  if (certain) return text;
  return text.includes('"') && /^[^'\p{C}\p{Zl}\p{Zp}\u00a0]*$/u.test(text) ? `'${text}'` : escaped(text);
}

/** JSON's quoted form is YAML's; what can't be seen is written as what it is. */
function escaped(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u00a0\u2028\u2029\ufeff]|\p{Cf}/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
