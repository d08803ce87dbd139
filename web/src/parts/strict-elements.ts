import { styleNonce } from '../app/style-nonce.ts';

let users = 0;

/**
 * For a library that makes style elements and sets style attributes (xterm): the Content-Security-Policy refuses both,
 * `style-src` being without `unsafe-inline`. Until `release`, style elements of this document are made with the nonce, and
 * the style attribute of spans is set by way of the object model, which the policy allows (CSP Level 3, section 6.7.3.3).
 * xterm's own `documentOverride` reaches neither its rows nor its scroll bar.
 */
export function holdStrictElements(): { readonly release: () => void } {
  users += 1;
  Object.defineProperty(document, 'createElement', { value: createElement, configurable: true });
  let isHeld = true;
  return {
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      users -= 1;
      // Its own property goes; the method of all documents is seen again.
      if (users === 0) Reflect.deleteProperty(document, 'createElement');
    },
  };
}

function createElement(name: string, options?: ElementCreationOptions): HTMLElement {
  const element = document.createElementNS('http://www.w3.org/1999/xhtml', name.toLowerCase(), options) as HTMLElement;
  if (element instanceof HTMLStyleElement) element.nonce = styleNonce();
  else if (element instanceof HTMLSpanElement) element.setAttribute = setAttribute;
  return element;
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
