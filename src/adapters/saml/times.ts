import { untrusted } from './refusal.ts';
import type { XmlElement } from './xml-reader.ts';
import { attributeOf } from './xml-walk.ts';

/** How far the provider's clock may be from ours, in milliseconds. */
export const skew = 60_000;

/** Milliseconds of a time in UTC, as SAML Core section 1.3.3 has it; undefined: the attribute is not there. */
export function timeOf(element: XmlElement, name: string): number | undefined {
  const text = attributeOf(element, name);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? untrusted(`${name} of ${element.name} is no time in UTC`) : time;
}

/** Refuses what is not valid yet or not any more. */
export function checkWindow(element: XmlElement, now: number): void {
  const from = timeOf(element, 'NotBefore');
  const until = timeOf(element, 'NotOnOrAfter');
  if (from !== undefined && now + skew < from)
    untrusted(`${element.name} is not valid yet by ${seconds(from - now)}: compare the clocks`);
  if (until !== undefined && now - skew >= until)
    untrusted(`${element.name} expired ${seconds(now - until)} ago: compare the clocks`);
}

function seconds(milliseconds: number): string {
  return `${String(Math.round(milliseconds / 1000))} s`;
}
