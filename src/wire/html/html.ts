/** HTML whose values are escaped by construction: text reaches a page through the tag `html` alone. */

const brand: unique symbol = Symbol('html');

/** A piece of a page. Nothing but `html` and `literal` makes one. */
export interface Html {
  readonly [brand]: string;
}

/** What may stand in a template: texts are escaped, pieces stand as they are, `null` is nothing. */
export type HtmlValue = Html | string | number | null | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A piece of HTML from a template. Attribute values are written in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { [brand]: parts.map((part, index) => part + textOf(values[index] ?? null)).join('') };
}

/** What the source itself wrote (a style sheet, a drawing); never anything that came from outside. */
export function literal(text: string): Html {
  return { [brand]: text };
}

export function sourceOf(piece: Html): string {
  return piece[brand];
}

function textOf(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (character) => entities[character] ?? '');
  if (typeof value === 'number') return String(value);
  return 'length' in value ? value.map(sourceOf).join('') : value[brand];
}
